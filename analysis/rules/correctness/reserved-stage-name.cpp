#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/stage_uses.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// The stage's name wherever it is used as one.
std::vector<Edit> rename(const Stage& stage, const std::string& name, const Report& report) {
  const Document& document = stage.document();
  std::vector<Edit> edits{replace(stage.from().alias()->span(), name)};
  for (const Stage& other : document.stages()) {
    const auto image = other.from().image_word();
    const auto parent = other.from().parent();
    if (image && parent == stage && equals_ignoring_case(image->text(), stage.name()))
      edits.push_back(replace(image->span(), name));
  }
  for (const StageUse& use : report.view<StageUses>(document).uses) {
    if (use.used == stage && !use.number) edits.push_back(replace(use.place, name));
  }
  return edits;
}

// "context-stage", or one with a number where that is taken, or will be by another stage of the same name.
std::string free_name(const Stage& stage) {
  const Document& document = stage.document();
  const bool is_last = document.stage_named(stage.name()) == stage;
  for (std::uint32_t number = is_last ? 1 : stage.index() + 2;; ++number) {
    std::string name = stage.name() + "-stage";
    if (number > 1) name += "-" + std::to_string(number);
    if (!document.stage_named(name)) return name;
  }
}

void check(const Document& document, Report& report) {
  for (const Stage& stage : document.stages()) {
    const std::string& name = stage.name();
    if (name != "scratch" && name != "context") continue;
    const std::string free = free_name(stage);
    report
        .at(*stage.from().alias(),
            fmt::format("A stage called {} hides {}", name,
                        name == "scratch" ? "the empty image of that name"
                                          : "the build context of that name"))
        .fix(Safety::unsafe, fmt::format("Call it {}", free), rename(stage, free, report));
  }
}

}  // namespace

extern constinit const Rule reserved_stage_name{
    .id = "reserved-stage-name",
    .title = "Stage called scratch or context",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3063", "buildkit:ReservedStageName"},
    .why = R"(
`scratch` is the empty image and `context` the build context. A stage of that name takes their place: a
`FROM scratch` below it is no longer empty. BuildKit builds such a file with a warning.

The fix renames the stage in this file. A build command that names it with `--target` has to follow, so it is
unsafe.
)",
    .bad = R"(
FROM debian:13-slim AS context
FROM scratch
COPY --from=context /etc/os-release /
)",
    .good = R"(
FROM debian:13-slim AS context-stage
FROM scratch
COPY --from=context-stage /etc/os-release /
)",
    .references = {"https://docs.docker.com/reference/build-checks/reserved-stage-name/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
