#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  report_unpinned(command, report, "zypper");
}

}  // namespace

extern constinit const Rule unpinned_zypper_package{
    .id = "unpinned-zypper-package",
    .title = "zypper package without a version",
    .category = Category::reproducibility,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"hadolint:DL3037", "kics:zypper_install_without_version"},
    .why = R"(
zypper takes the newest version of the repository with the highest priority. On Tumbleweed that changes several
times a week; on Leap with each update.

`zypper install nginx=1.27.2`, or a bound such as `nginx>=1.27`, which counts here as well, says what the
image was made for. The rule is off unless asked for: a version that is gone from the repository ends the build.

A fix would have to know the repository's contents; there is none.
)",
    .bad = R"(
FROM opensuse/leap:16.0
RUN zypper --non-interactive install nginx
)",
    .good = R"(
FROM opensuse/leap:16.0
RUN zypper --non-interactive install nginx=1.27.2
)",
    .references = {"https://en.opensuse.org/SDB:Zypper_manual"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
