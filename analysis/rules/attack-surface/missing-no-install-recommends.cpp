#include "analysis/rules/package_extras.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  report_extras(stage, report,
                {.managers = "apt-get apt aptitude",
                 .files = "/etc/apt/apt.conf /etc/apt/apt.conf.d/*",
                 .setting = "APT::Install-Recommends",
                 .asked_for = "--install-recommends --with-recommends -r"});
}

}  // namespace

extern constinit const Rule missing_no_install_recommends{
    .id = "missing-no-install-recommends",
    .title = "apt installs what is only recommended",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .aliases = {"hadolint:DL3015", "trivy:DS-0029", "kics:apt_get_not_avoiding_additional_packages",
                "semgrep:missing-no-install-recommends", "sonar:S6500",
                "dockerfilelint:apt-get_recommends", "cis:4.3"},
    .why = R"(
Debian and Ubuntu install with a package what its maintainer recommends for a usual machine: editors, mail
servers, documentation, compilers, sometimes hundreds of packages. Nobody has asked for them, and each is one more
that has to be updated when a hole is found in it.

`--no-install-recommends` installs what is needed and no more. `APT::Install-Recommends "0";` in a file in
`/etc/apt/apt.conf.d/` does so for all calls that follow; the rule reads such a file where the Dockerfile
writes it, and takes one that is copied there for one that says so. It looks at stages for builds as well, where
only time and space are lost.

The fix adds the option. It is unsafe: a package that was only recommended may be one that you use, as
`ca-certificates` with `curl`. Name it then. Ignore the rule where the recommended packages are wanted, or say so:
`--install-recommends`.
)",
    .bad = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y nginx
)",
    .good = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends nginx
)",
    .references = {"https://docs.docker.com/build/building/best-practices/#apt-get",
                   "https://manpages.debian.org/stable/apt/apt-get.8.en.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
