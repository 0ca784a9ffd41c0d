#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/expansion.h"
#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/image_names.h"
#include "analysis/text/spelling.h"

namespace bulkhead::rules {
namespace {

// What FROM would be read as; none where an ARG without a default may still decide.
std::optional<std::string> read_as(const From& from, const Word& word, const FromVariables& found) {
  if (!found.without_default.empty()) return std::nullopt;
  const Value value = expand(word.text(), from.document().escape(), [&](std::string_view name) {
    const auto known = from.variable(name);
    const bool undefined = std::ranges::find(found.undefined, name) != found.undefined.end();
    return known || !undefined ? known : std::optional(Value{});
  });
  return value.known ? std::optional(value.text) : std::nullopt;
}

std::vector<std::string> declared(const Document& document) {
  std::vector<std::string> names;
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.kind() == Keyword::from && !instruction.is_trigger()) break;
    if (instruction.kind() != Keyword::arg) continue;
    for (const Pair& pair : instruction.pairs()) names.emplace_back(pair.name().text());
  }
  return names;
}

void tell(const From& from, const Word& word, bool platform, Report& report) {
  const FromVariables found = from_variables(from, word);
  if (found.undefined.empty() || has_template_mark(word.text())) return;
  // With a default of its own (${NAME:-x}) it works, and ignores the build argument.
  const bool has_default = word.value().known;
  const auto text = has_default ? std::nullopt : read_as(from, word, found);
  const bool fails = text && (platform ? text->empty() : image_name_fault(*text).has_value());
  const std::string& name = found.undefined.front();
  auto finding = report.at(
      word, fails
                ? fmt::format("No ARG above the first FROM declares {}, so this becomes \"{}\"",
                              name, *text)
                : fmt::format("No ARG above the first FROM declares {}, so it is always empty here",
                              name));
  if (fails) finding.severity(Severity::error);
  const std::vector<std::string> names = declared(from.document());
  const auto nearest = nearest_spelling(name, {names.begin(), names.end()});
  const std::size_t at = word.text().find(name);
  if (nearest && at != std::string_view::npos) {
    finding.fix(Safety::unsafe, fmt::format("Replace with {}", *nearest),
                replace(word.part(at, name.size()), std::string(*nearest)));
  }
  const From first = from.document().stages()[0].from();
  finding.fix(Safety::unsafe, fmt::format("Declare {} above the first FROM", name),
              insert_before(first, {"ARG " + name}));
}

void check(const From& from, Report& report) {
  if (from.is_trigger()) return;
  if (const auto image = from.image_word()) tell(from, *image, false, report);
  const auto flag = from.flag("platform");
  const auto platform = flag ? flag->value() : std::nullopt;
  if (platform) tell(from, *platform, true, report);
}

}  // namespace

extern constinit const Rule undefined_arg_in_from{
    .id = "undefined-arg-in-from",
    .title = "Variable in FROM that no ARG declares",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"buildkit:UndefinedArgInFrom", "dockerfile-utils:BASE_NAME_EMPTY", "sonar:S6579"},
    .why = R"(
`FROM` knows only the `ARG`s above the first `FROM`, and the platforms (`BUILDPLATFORM`, `TARGETARCH`, ...). Every
other variable is empty there, also one that an `ARG` declares inside a stage, and `--build-arg` does not
change that. Where an impossible name is left, the build fails, and this is an error.

The fixes take the declared name that is spelt most alike, or declare the variable, which then needs a value
from the build command; both are guesses.
)",
    .bad = R"(
ARG DEBIAN_VERSION=13
FROM debian:${DEBIAN_VERSON}-slim
)",
    .good = R"(
ARG DEBIAN_VERSION=13
FROM debian:${DEBIAN_VERSION}-slim
)",
    .references = {"https://docs.docker.com/reference/build-checks/undefined-arg-in-from/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
