#include <fmt/format.h>

#include "analysis/rule.h"
#include "analysis/rules/stage_uses.h"

namespace bulkhead::rules {
namespace {

void check(const Instruction& instruction, Report& report) {
  for (const StageUse& use : stage_uses(instruction)) {
    if (!use.used || use.used != use.instruction.stage()) continue;
    report
        .at(use.place,
            use.number ? fmt::format("Number {} is the stage that this line stands in", use.name)
                       : fmt::format("{} is the stage that this line stands in", use.name))
        .related(use.used->from(), "it begins here");
  }
}

}  // namespace

extern constinit const Rule copy_from_self{
    .id = "copy-from-self",
    .title = "Stage that copies from itself",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"hadolint:DL3023", "trivy:DS-0006", "kics:copy_from_references_current_from_alias",
                "semgrep:copy-from-own-alias"},
    .why = R"(
`COPY --from` and `RUN --mount=from=` take files from a stage that is finished, and the one that they stand in is
not. The builder refuses the circle. What the stage itself has is there already: `RUN cp` or `RUN mv` moves it.
)",
    .bad = R"(
FROM debian:13-slim AS build
COPY --from=build /etc/os-release /app/
)",
    .good = R"(
FROM debian:13-slim AS build
RUN cp /etc/os-release /app/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#copy---from"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
