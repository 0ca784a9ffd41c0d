#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  report_unpinned(command, report, "dnf microdnf tdnf");
}

}  // namespace

extern constinit const Rule unpinned_dnf_package{
    .id = "unpinned-dnf-package",
    .title = "dnf package without a version",
    .category = Category::reproducibility,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"hadolint:DL3041", "kics:missing_version_specification_in_dnf_install"},
    .why = R"(
dnf, microdnf and tdnf install the newest version that they find. In Fedora that can be another major version
within one release, and every build may bring a different one.

Ask for it as `nginx-1.28.0`; a module stream (`dnf module enable nginx:1.28`) keeps the major version and lets
updates in. Fedora's mirrors drop old versions, and whoever wants updates does not want this rule: it is off
unless asked for.

The Dockerfile does not tell which versions exist, hence no fix.
)",
    .bad = R"(
FROM fedora:44
RUN dnf install -y nginx && dnf clean all
)",
    .good = R"(
FROM fedora:44
RUN dnf install -y nginx-1.28.0 && dnf clean all
)",
    .references = {"https://dnf.readthedocs.io/en/latest/command_ref.html#specifying-packages"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
