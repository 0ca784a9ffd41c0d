#include <fmt/format.h>

#include "analysis/rule.h"
#include "analysis/rules/stage_uses.h"

namespace bulkhead::rules {
namespace {

void check(const Document& document, Report& report) {
  const StageUses& uses = report.view<StageUses>(document);
  int left = 100;  // Each look at a circle goes through all stages.
  for (const StageUse& use : uses.uses) {
    const auto stage = use.instruction.stage();
    // Every circle has a stage that takes from one below it.
    if (!use.used || use.used->index() <= stage->index() || left-- == 0) continue;
    if (!uses.leads_to(*use.used, *stage)) continue;
    report
        .at(use.place,
            fmt::format("{} takes files from this stage in turn, so neither can be first",
                        use.name))
        .related(use.used->from(), "the other stage begins here");
  }
}

}  // namespace

extern constinit const Rule circular_stage_reference{
    .id = "circular-stage-reference",
    .title = "Stages that need one another",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"tally:circular-stage-deps"},
    .why = R"(
A stage must be finished before another one takes files from it. Where two stages take from each other,
directly or through others, neither can come first, and the builder refuses the file.
)",
    .bad = R"(
FROM debian:13-slim AS one
COPY --from=two /etc/os-release /
FROM debian:13-slim AS two
COPY --from=one /etc/os-release /
)",
    .good = R"(
FROM debian:13-slim AS one
FROM debian:13-slim AS two
COPY --from=one /etc/os-release /
)",
    .references = {"https://docs.docker.com/build/building/multi-stage/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
