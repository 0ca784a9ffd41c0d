#include "analysis/rules/command_options.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view consequence = "packages are installed that nobody has signed";

void check(const Command& command, Report& report) {
  report_options(command, report,
                 {.programs = "yum dnf dnf5 microdnf tdnf yum-builddep yumdownloader",
                  .options = "--nogpgcheck --no-gpgchecks"},
                 consequence);
  report_options(command, report,
                 {.programs = "zypper",
                  .options = "--no-gpg-checks --gpg-auto-import-keys --allow-unsigned-rpm "
                             "--no-gpgcheck"},
                 consequence);
  report_options(command, report,
                 {.programs = "zypper", .letters = "G", .subcommands = "addrepo ar modifyrepo mr"},
                 consequence);
}

}  // namespace

extern constinit const Rule yum_nogpgcheck{
    .id = "yum-nogpgcheck",
    .title = "dnf, yum or zypper checks no signature",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_9", "cis:4.11"},
    .why = R"(
`--nogpgcheck` of dnf, yum, microdnf and tdnf, and `--no-gpg-checks` of zypper, install packages that no key
vouches for; so does a repository that `zypper addrepo -G` adds: whoever sits on the way, or runs a mirror,
decides what becomes part of the image. Packages run scripts as root while they are installed.
`--gpg-auto-import-keys` of zypper checks signatures, but takes any key for a good one.

Import the key of the repository first: `rpm --import URL`, of a URL with `https`.

The fix takes the option away. It is unsafe: the installation fails until the key is there.
)",
    .bad = R"(
FROM fedora:44
RUN dnf install -y --nogpgcheck tool
)",
    .good = R"(
FROM fedora:44
RUN dnf install -y tool
)",
    .references = {"https://dnf.readthedocs.io/en/latest/command_ref.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
