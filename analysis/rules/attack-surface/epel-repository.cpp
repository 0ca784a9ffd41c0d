#include <fmt/format.h>

#include "analysis/rules/installed_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  each_risky(
      stage, report, facts::PackageKind::community_repository, [&](const RiskyPackages& found) {
        report.at(found.span(), fmt::format("From here on packages come from {} as well, which the "
                                            "distribution neither makes nor supports",
                                            found.known.front()->what));
      });
}

}  // namespace

extern constinit const Rule epel_repository{
    .id = "epel-repository",
    .title = "Packages of a community",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"dockerfile_lint:no_epel"},
    .why = R"(
EPEL, RPM Fusion, Remi, ELRepo and IUS are repositories that volunteers keep for Red Hat Enterprise Linux and its
kin. Their packages are signed, but no vendor answers for them: nobody promises that a hole is closed in time, and
some replace packages of the distribution by others.

The rule is off unless asked for, for whoever may use supported packages only. It finds the packages that bring
such a repository, named or as a URL, in stages that may be shipped. There is no fix: something further down
is there that only this repository has.
)",
    .bad = R"(
FROM rockylinux/rockylinux:10
RUN dnf install -y epel-release && dnf install -y htop
)",
    .good = R"(
FROM rockylinux/rockylinux:10
RUN dnf install -y procps-ng
)",
    .references = {"https://docs.fedoraproject.org/en-US/epel/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
