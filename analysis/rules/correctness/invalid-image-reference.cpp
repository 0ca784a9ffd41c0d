#include <fmt/format.h>

#include <string>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/image_names.h"
#include "analysis/rules/stage_uses.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

void tell(Span place, const std::string& name, const std::string& fault, Report& report) {
  auto finding = report.at(place, fmt::format("{} is no name of an image: it {}", name, fault));
  const std::string lower = lower_case(name);
  if (!image_name_fault(lower))
    finding.fix(Safety::unsafe, fmt::format("Replace with {}", lower), replace(place, lower));
}

void check_from(const From& from, Report& report) {
  const auto word = from.image_word();
  if (!word || from.is_trigger() || from.is_scratch() || has_template_mark(word->text())) return;
  // What variables make of a name is told where the variables are.
  const Value value = word->value();
  if (!value.known || !value.variables.empty() || value.text.empty()) return;
  // FROM finds a stage by its name in lower case only, unlike COPY --from.
  if (from.parent() && value.text == lower_case(value.text)) return;
  if (const auto fault = image_name_fault(value.text))
    tell(word->span(), value.text, *fault, report);
}

void check_uses(const Instruction& instruction, Report& report) {
  for (const StageUse& use : stage_uses(instruction)) {
    if (use.used || use.number || use.name == "scratch" || has_template_mark(use.name)) continue;
    if (const auto fault = image_name_fault(use.name)) tell(use.place, use.name, *fault, report);
  }
}

}  // namespace

extern constinit const Rule invalid_image_reference{
    .id = "invalid-image-reference",
    .title = "Name that no image can have",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:INVALID_REFERENCE_FORMAT", "dockerlint:no_empty_tag",
                "dockerlint:no_empty_digest"},
    .why = R"(
The name of an image is made of lower-case letters and digits, with `.`, `_` and `-` between them; a registry
may stand in front of it, a tag and a digest behind it. The builder refuses `Alpine`, `node:` and
`node@sha256:123`. `FROM` also takes the name of a stage above, in lower case, however it is written there.

The rule is silent where a program is to fill in the name (`{{ image }}`). The fix writes the name in lower
case, which need not be the image that was meant; so it is unsafe.
)",
    .bad = R"(
FROM Debian:13-slim
)",
    .good = R"(
FROM debian:13-slim
)",
    .references = {"https://docs.docker.com/reference/cli/docker/image/tag/"},
    .checks = each<check_from, check_uses>,
};

}  // namespace bulkhead::rules
