#include <optional>

#include "analysis/model/accounts.h"
#include "analysis/rules/upgrades.h"

namespace bulkhead::rules {
namespace {

// Distributions without releases are brought up to date like this.
bool has_no_releases(const Command& command) {
  const auto stage = command.run().stage();
  const auto base = stage ? base_of(*stage) : std::nullopt;
  return base && base->name.ends_with("tumbleweed");
}

void check(const Command& command, Report& report) {
  const auto upgrade = system_upgrade(command);
  if (!upgrade || !upgrade->changes_release || has_no_releases(command)) return;
  report_upgrade(
      command, *upgrade, report,
      "takes whatever is newest on the day of the build, and removes what is in its way");
}

}  // namespace

extern constinit const Rule dist_upgrade{
    .id = "dist-upgrade",
    .title = "Upgrade of the whole distribution",
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3035", "trivy:DS-0024", "semgrep:avoid-apt-get-upgrade",
                "dockle:DKL-DI-0003", "dockerfilelint:apt-get-dist-upgrade"},
    .why = R"(
`apt-get dist-upgrade`, `apt full-upgrade` and `zypper dist-upgrade` install other packages and remove installed
ones where that brings newer versions. What they leave depends on the day of the build, and is no longer what
the tag of the base image stands for; where a source of another release has crept in, it is that one.

Take a newer base image instead, and build again when it changes. It has the same updates, and everybody sees
which.

Ignore the rule where the image is a distribution of its own. On openSUSE Tumbleweed, which has no releases, the
rule is silent.

The fix takes the command away. It is unsafe: updates that the base image lacks are then missing.
)",
    .bad = R"(
FROM debian:13-slim
RUN apt-get update && apt-get dist-upgrade -y && apt-get install -y --no-install-recommends nginx
)",
    .good = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends nginx
)",
    .references = {"https://manpages.debian.org/stable/apt/apt-get.8.en.html",
                   "https://docs.docker.com/build/building/best-practices/"
                   "#rebuild-your-images-often"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
