#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Document& document, Report& report) {
  const auto named = std::ranges::count_if(
      document.stages(), [](const Stage& stage) { return !stage.name().empty(); });
  if (static_cast<std::size_t>(named) == document.stage_names()) return;
  std::unordered_map<std::string_view, Stage> stages;
  for (const Stage& stage : document.stages()) {
    const std::string& name = stage.name();
    if (name.empty()) continue;
    const auto [first, made] = stages.emplace(name, stage);
    if (made) continue;
    report
        .at(*stage.from().alias(),
            fmt::format("Another stage above is already called {}; what names it means this one "
                        "from here on",
                        name))
        .related(*first->second.from().alias(), "the first one of that name");
  }
}

}  // namespace

extern constinit const Rule duplicate_stage_name{
    .id = "duplicate-stage-name",
    .title = "Two stages of the same name",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3024", "trivy:DS-0012", "checkov:CKV_DOCKER_11",
                "kics:same_alias_in_different_froms", "buildkit:DuplicateStageName",
                "semgrep:alias-must-be-unique", "dockerfile-utils:DUPLICATE_BUILD_STAGE_NAME"},
    .why = R"(
Where two stages share a name, `COPY --from` and `--target` mean the last of them, also above it, and `FROM` the
last one above. Upper and lower case are the same. Files then come from another stage than it seems.

BuildKit builds such a file with a warning; other builders refuse it.
)",
    .bad = R"(
FROM debian:13-slim AS build
FROM debian:12-slim AS build
)",
    .good = R"(
FROM debian:13-slim AS build
FROM debian:12-slim AS build-old
)",
    .references = {"https://docs.docker.com/reference/build-checks/duplicate-stage-name/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
