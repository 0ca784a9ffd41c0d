#include <fmt/format.h>

#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/stage_uses.h"
#include "analysis/text/spelling.h"

namespace bulkhead::rules {
namespace {

std::vector<std::string_view> names_above(std::uint32_t stage, const Document& document) {
  std::vector<std::string_view> names;
  for (const Stage& each : document.stages() | std::views::take(stage))
    names.push_back(each.name());
  return names;
}

void check(const Document& document, Report& report) {
  const StageUses& uses = report.view<StageUses>(document);
  int left = 100;  // looks at circles: more than anybody writes
  for (const StageUse& use : uses.uses) {
    const std::uint32_t own = use.instruction.stage()->index();
    if (use.used) {
      if (use.used->index() <= own) continue;
      if (left-- > 0 && uses.leads_to(*use.used, *use.instruction.stage())) continue;
      report
          .at(use.place, fmt::format("Stage {} stands below this line; only stages above it can be "
                                     "taken from",
                                     use.name))
          .severity(Severity::error)
          .related(use.used->from(), "it begins here");
    } else if (use.number) {
      report
          .at(use.place,
              fmt::format("There is no stage {}: they are counted from 0, and this one is {}",
                          use.name, own))
          .severity(Severity::error);
    } else {
      const auto nearest = nearest_spelling(use.name, names_above(own, document));
      if (!nearest || nearest->empty()) continue;
      report
          .at(use.place, fmt::format("No stage is called {}, so this means an image; {} is a stage",
                                     use.name, *nearest))
          .fix(Safety::unsafe, fmt::format("Replace with {}", *nearest),
               replace(use.place, std::string(*nearest)));
    }
  }
}

}  // namespace

extern constinit const Rule copy_from_unknown_stage{
    .id = "copy-from-unknown-stage",
    .title = "COPY from a stage that is not there",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3022"},
    .why = R"(
A name behind `--from` (or `--mount=from=`) that no stage has means an image, which is pulled from a registry:
after a slip of the pen, one of a stranger. A stage that stands further down, or a number that no stage has,
ends the build; that is an error.

Images and named contexts (`docker build --build-context`) are fine here, so only a name that is spelt
nearly like a stage above is reported, where others complain about every name without a `:`. The fix takes
that stage's name, a guess.
)",
    .bad = R"(
FROM debian:13-slim AS builder
FROM debian:13-slim
COPY --from=bulider /etc/os-release /
)",
    .good = R"(
FROM debian:13-slim AS builder
FROM debian:13-slim
COPY --from=builder /etc/os-release /
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#copy---from"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
