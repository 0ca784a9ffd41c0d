#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  report_unpinned(command, report, "apt-get apt aptitude");
}

}  // namespace

extern constinit const Rule unpinned_apt_package{
    .id = "unpinned-apt-package",
    .title = "apt package without a version",
    .category = Category::reproducibility,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"hadolint:DL3008", "kics:apt_get_install_pin_version_not_defined"},
    .why = R"(
`apt-get install nginx` installs the version that the mirror has on the day of the build. A layer that comes out of
the cache holds another one, and what was tested is not what is shipped a week later.

`nginx=1.26.3-3+deb13u1` says which. The rule is off unless asked for, since it has a price: mirrors of Debian and
Ubuntu drop a version as soon as the next one is there, a security update for instance, and the build fails
until somebody has changed the Dockerfile. With `snapshot.debian.org` as the source it goes on. Within a
release the versions hardly differ: a digest of the base image says more.

There is no fix: which versions there are only the mirror knows.
)",
    .bad = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends nginx
)",
    .good = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends nginx=1.26.3-3+deb13u1
)",
    .references = {"https://snapshot.debian.org/",
                   "https://manpages.debian.org/stable/apt/apt-get.8.en.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
