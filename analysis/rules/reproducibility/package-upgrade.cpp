#include "analysis/rules/upgrades.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  const auto upgrade = system_upgrade(command);
  // Arch Linux has no releases, and does not support upgrades of a part.
  if (!upgrade || upgrade->changes_release || upgrade->call.manager == "pacman") return;
  report_upgrade(command, *upgrade, report,
                 "makes another image of every build; a newer base image brings the same updates");
}

}  // namespace

extern constinit const Rule package_upgrade{
    .id = "package-upgrade",
    .title = "Upgrade of all packages",
    .category = Category::reproducibility,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"semgrep:avoid-apt-get-upgrade", "semgrep:avoid-apk-upgrade",
                "semgrep:avoid-dnf-update", "semgrep:avoid-yum-update",
                "semgrep:avoid-zypper-update", "dockerfilelint:apt-get-upgrade",
                "dockerfile_lint:yum_update_all"},
    .why = R"(
`apt-get upgrade`, `apk upgrade`, `dnf upgrade` and the like install what is newest on the day of the build: two
builds of the same Dockerfile differ, and what a cached layer holds is as old as the cache. The files of the base
image stay in the layer below, so that the image grows as well.

Take a newer base image instead, by tag or digest, and build again when it changes (`docker build --pull`).

The rule is off unless asked for: many who care for security want these updates, and rightly so where the base
image is built seldom. Upgrades of packages that are named are no matter of this rule; nor is
`dist-upgrade`, which has one of its own, or Arch Linux, where nothing else is supported.

The fix takes the command away. It is unsafe: updates that the base image lacks are then missing.
)",
    .bad = R"(
FROM alpine:3.23
RUN apk update && apk upgrade && apk add nginx
)",
    .good = R"(
FROM alpine:3.23
RUN apk update && apk add nginx
)",
    .references = {"https://docs.docker.com/build/building/best-practices/"
                   "#rebuild-your-images-often"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
