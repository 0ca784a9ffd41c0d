#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/model/expansion.h"
#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/image_names.h"

namespace bulkhead::rules {
namespace {

// What variables are in a build without --build-arg.
class Defaults {
 public:
  // At `instruction`: of an ARG without a default nothing, also where others are made of it. None where that is not
  // known, as for what the builder says itself.
  std::optional<Value> of(const Instruction& instruction, std::string_view name) {
    const auto definition = instruction.definition(name);
    if (predefined_argument(name) == PredefinedArgument::platform &&
        (!definition || !definition->value()))
      return std::nullopt;
    if (!definition || !definition->value()) return Value{};
    const auto value = instruction.variable(name);
    if (value && value->known) return value;
    const auto [entry, is_new] = known_.try_emplace(definition->span().begin);
    if (is_new && removes_ < most_removes) {
      ++removes_;
      auto made = expand(
          definition->value()->text(), instruction.document().escape(),
          [&](std::string_view other) { return of(definition->name().instruction(), other); });
      --removes_;
      entry->second = std::move(made);
    }
    return entry->second;
  }

 private:
  static constexpr int most_removes = 64;

  std::map<std::uint32_t, std::optional<Value>>
      known_;  // by where they are defined, each worked out once
  int removes_ = 0;
};

std::optional<std::string> fault_of(const std::string& text, bool is_platform) {
  if (is_platform) return text.empty() ? std::optional<std::string>("is empty") : std::nullopt;
  return text == "scratch" ? std::nullopt : image_name_fault(text);
}

void tell(const From& from, const Word& word, bool is_platform, Report& report) {
  if (has_template_mark(word.text())) return;
  const FromVariables found = from_variables(from, word);
  if (word.value().variables.empty() || !found.undefined.empty()) return;
  Defaults defaults;
  const Value value = expand(word.text(), from.document().escape(),
                             [&](std::string_view name) { return defaults.of(from, name); });
  const std::string& text = value.text;
  const auto fault = value.known ? fault_of(text, is_platform) : std::nullopt;
  if (!fault) return;
  if (!found.without_default.empty()) {
    report
        .at(word, fmt::format("{} has no default, so this file builds only with --build-arg {}=...",
                              found.without_default.front(), found.without_default.front()))
        .severity(Severity::info)
        .related(*from.definition(found.without_default.front()), "declared here");
    return;
  }
  auto finding =
      report.at(word, text.empty() ? "With the default values this becomes empty"
                                   : fmt::format("With the default values this becomes {}, which "
                                                 "{}",
                                                 text, *fault));
  for (const std::string& name : word.value().variables) {
    if (const auto definition = from.definition(name)) finding.related(*definition, "from here");
  }
}

void check(const From& from, Report& report) {
  if (from.is_trigger()) return;
  const auto image = from.image_word();
  if (image && !from.parent()) tell(from, *image, false, report);
  const auto flag = from.flag("platform");
  const auto platform = flag ? flag->value() : std::nullopt;
  if (platform) tell(from, *platform, true, report);
}

}  // namespace

extern constinit const Rule invalid_default_arg_in_from{
    .id = "invalid-default-arg-in-from",
    .title = "Base image that the default arguments leave without a name",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"buildkit:InvalidDefaultArgInFrom", "dockerfile-utils:BASE_NAME_EMPTY"},
    .why = R"(
With the defaults of its `ARG`s this file cannot be built: what `FROM` names, image or `--platform`, is then empty or
impossible. A build without `--build-arg` fails, and so do tools that read the file without knowing how it is built.

Where an `ARG` has no default at all, that is often intended: whoever builds has to say which image, and no build goes
on with one that nobody chose. So it is only information, where BuildKit's check of the same name warns. Where there
is a default, it should be one that works.
)",
    .bad = R"(
ARG TAG=
FROM debian:${TAG}
)",
    .good = R"(
ARG TAG=13-slim
FROM debian:${TAG}
)",
    .references = {"https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
