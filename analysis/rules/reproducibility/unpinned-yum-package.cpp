#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  report_unpinned(command, report, "yum");
}

}  // namespace

extern constinit const Rule unpinned_yum_package{
    .id = "unpinned-yum-package",
    .title = "yum package without a version",
    .category = Category::reproducibility,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"hadolint:DL3033", "kics:yum_install_without_version"},
    .why = R"(
Without a version, yum picks the newest one of all enabled repositories, also of those that a command further up
has added. Which one that was no file says afterwards.

Write `httpd-2.4.62-4.el9`, or as much of it as matters to you. A name whose last part looks like a version
counts as one that has it. Off unless asked for: on a supported release the newest version is mostly the one with
the holes closed, and `rpm -qa` on the image tells what is there.

No fix is offered, because the repository would have to be asked.
)",
    .bad = R"(
FROM almalinux:9
RUN yum install -y httpd
)",
    .good = R"(
FROM almalinux:9
RUN yum install -y httpd-2.4.62
)",
    .references = {"https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9/html/"
                   "managing_software_with_the_dnf_tool/index"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
