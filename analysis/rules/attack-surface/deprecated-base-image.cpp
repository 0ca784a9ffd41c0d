#include <algorithm>
#include <string>

#include "analysis/facts/end_of_life.h"
#include "analysis/facts/images.h"
#include "analysis/model/rewrite.h"
#include "analysis/rule.h"
#include "analysis/rules/release_traces.h"

namespace bulkhead::rules {
namespace {

using facts::Distribution;

// "a", "a or b", "a, b or c" of "a,b,c".
std::string alternatives(std::string_view list) {
  std::string text(list);
  if (const auto last = text.rfind(','); last != std::string::npos) text.replace(last, 1, " or ");
  for (auto at = text.find(','); at != std::string::npos; at = text.find(',', at + 2))
    text.insert(at + 1, " ");
  return text;
}

bool calls_package_manager(const Stage& stage) {
  return std::ranges::any_of(stage.all<Run>(), [](const Run& run) {
    return std::ranges::any_of(
        run.commands(), [](const Command& command) { return command.package_call() != nullptr; });
  });
}

// Whether what installs packages in the one image may do so in the other.
bool takes_same_packages(const ImageReference& old, const std::string& heir) {
  const auto family = [](const ImageReference& image) {
    const Distribution found = facts::distribution(image.familiar_name(), image.tag);
    return found == Distribution::ubuntu ? Distribution::debian : found;
  };
  return family(old) == family(parse_image(heir));
}

void check_instruction(const Stage& stage, const Instruction& instruction, Report& report) {
  for (const ImageUse& use : images_of(instruction)) {
    const std::string name = use.image.familiar_name();
    const facts::BaseImage* known = facts::base_image(name, use.image.tag);
    if (!known || known->deprecation == facts::Deprecation::no) continue;
    const bool stale = known->deprecation == facts::Deprecation::stale;
    std::string message = name + (stale ? " is hardly kept up" : " is discontinued");
    if (!known->note.empty()) message += " (" + std::string(known->note) + ")";
    if (!known->replacement.empty()) message += "; use " + alternatives(known->replacement);
    auto finding = report.at(use.span, message);
    finding.tag(Tag::deprecated).origins(instruction, use.variables, "the name comes from here");
    if (stale) finding.severity(Severity::info);

    const auto today = report.context().today;
    const auto heir = today ? facts::successor(name, use.image.tag, *today) : std::nullopt;
    if (!heir || (!takes_same_packages(use.image, *heir) && calls_package_manager(stage))) continue;
    const bool is_base = instruction.kind() == Keyword::from;
    unless_tied(
        finding,
        is_base ? release_traces(From(instruction), {}, *heir, report) : std::vector<Trace>(), [&] {
          if (const auto edit = set_image(use, *heir))
            finding.fix(Safety::unsafe, "Use " + *heir, *edit);
        });
  }
}

void check(const Stage& stage, Report& report) {
  for (const Instruction& instruction : stage.instructions())
    check_instruction(stage, instruction, report);
}

}  // namespace

extern constinit const Rule deprecated_base_image{
    .id = "deprecated-base-image",
    .title = "Image that is discontinued",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {},
    .why = R"(
Nobody rebuilds a discontinued image. The holes that are found from then on in its libraries stay open,
whatever the age of the program that it was named after, and one day its tags may be gone. Often the
project goes on under another name: `openjdk` as `eclipse-temurin`, `vault` as `hashicorp/vault`.

The rule knows which repositories have left Docker's official library, and which others their makers have
given up. It is an `info` where an image is only hardly refreshed any more. Looked at are `FROM`,
`COPY --from` and `RUN --mount=from`.

The fix takes the successor, where it is clear, with the nearest release that is supported. It is unsafe:
the successor may be built on another distribution and keep its files elsewhere. There is none where the
stage installs packages by a manager that the successor does not have, or that only the old image has, as
`php7.2-fpm` or `curl=7.64.0-4`, or makes an account that the successor brings itself.
)",
    .bad = R"(
FROM openjdk:17-jdk-slim
COPY app.jar /
)",
    .good = R"(
FROM eclipse-temurin:17-jdk
COPY app.jar /
)",
    .references = {"https://github.com/docker-library/official-images",
                   "https://hub.docker.com/_/openjdk"},
    .checks = each<check>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
