#include "analysis/rules/command_options.h"
#include "analysis/rules/written_settings.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view consequence = "any server can pass for the repository";

void check_command(const Command& command, Report& report) {
  report_options(command, report,
                 {.programs = "yum dnf dnf5 microdnf tdnf yum-config-manager",
                  .options = "--nosslverify",
                  .settings = "sslverify=0 sslverify=false sslverify=no *.sslverify=0 "
                              "*.sslverify=false *.sslverify=no"},
                 consequence);
}

void check_files(const Stage& stage, Report& report) {
  for (const WrittenSetting& setting : written_settings(
           report, stage, "/etc/yum.repos.d* /etc/yum.conf /etc/dnf/dnf.conf /etc/tdnf/tdnf.conf",
           "sslverify")) {
    if (says_off(setting.value())) report_setting(report, setting, consequence, "1");
  }
}

}  // namespace

extern constinit const Rule yum_sslverify_disabled{
    .id = "yum-sslverify-disabled",
    .title = "dnf or yum checks no certificate",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_15", "sonar:S4830"},
    .why = R"(
With `sslverify=0`, as an option or in a file that the build writes, dnf and yum take any server for the
repository. Signatures of packages are still checked, but not which packages there are: an old version with a
known hole can be passed off as the newest one, and passwords for a repository go to whoever asks.

Where a server has a certificate of one's own authority, name that with `--setopt=sslcacert=FILE`.

The fix takes the option away, or writes 1 into the file. It is unsafe: a download that only worked because
nothing was checked will fail.
)",
    .bad = R"(
FROM fedora:44
RUN dnf install -y --setopt=sslverify=0 tool
)",
    .good = R"(
FROM fedora:44
RUN dnf install -y tool
)",
    .references = {"https://dnf.readthedocs.io/en/latest/conf_ref.html"},
    .checks = each<check_command, check_files>,
};

}  // namespace bulkhead::rules
