#include "analysis/rules/package_extras.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  report_extras(stage, report,
                {.managers = "dnf",
                 .files = "/etc/dnf/dnf.conf /etc/dnf/libdnf5.conf.d/*",
                 .setting = "install_weak_deps",
                 .asked_for = "--setopt=install_weak_deps=True --setopt=install_weak_deps=1"});
}

}  // namespace

extern constinit const Rule missing_no_weak_deps{
    .id = "missing-no-weak-deps",
    .title = "dnf installs what is only recommended",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"cis:4.3"},
    .why = R"(
dnf installs with a package what it only recommends, its weak dependencies: no program needs them to run, and each
is one more that has to be updated when a hole is found in it.

`--setopt=install_weak_deps=False` leaves them out, and so does `install_weak_deps=False` in
`/etc/dnf/dnf.conf`, which the rule reads where the Dockerfile writes it. `--nodocs` is taken for an answer,
too: somebody has thought of what is needed.

The rule is off unless asked for: packages of this family recommend less than those of Debian. It leaves
microdnf and zypper alone, for the images that have them turn weak dependencies off themselves, and yum, which
knows none in CentOS 7 and Amazon Linux 2.

The fix adds the option. It is unsafe: a package that was only recommended may be one that you use.
)",
    .bad = R"(
FROM fedora:44
RUN dnf install -y httpd && dnf clean all
)",
    .good = R"(
FROM fedora:44
RUN dnf install -y --setopt=install_weak_deps=False httpd && dnf clean all
)",
    .references = {"https://dnf.readthedocs.io/en/latest/conf_ref.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
