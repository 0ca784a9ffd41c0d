#include "analysis/rules/command_options.h"
#include "analysis/rules/written_settings.h"
#include "analysis/shell/commands/downloads.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  if (command.name() != "wget") return;
  const auto download = shell::download("wget", command.argument_texts());
  if (!download || !download->unverified) return;
  report_options(command, report, {.programs = "wget", .options = "--no-check-certificate"},
                 "anyone on the network path can replace what is downloaded");
}

void check_files(const Stage& stage, Report& report) {
  for (const WrittenSetting& setting : written_settings(report, stage, "*/.wgetrc */wgetrc",
                                                        "check_certificate check-certificate")) {
    if (says_off(setting.value()))
      report_setting(report, setting,
                     "anyone on the network path can replace what any wget downloads", "on");
  }
}

}  // namespace

extern constinit const Rule wget_no_check_certificate{
    .id = "wget-no-check-certificate",
    .title = "wget checks no certificate",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_3", "sonar:S4830"},
    .why = R"(
With `--no-check-certificate` wget takes any certificate, so anybody on the way between the build and the
server can hand out other bytes. What comes in this way becomes part of the image, and often runs as root
during the build.

Where a server has a certificate of one's own authority, name that with `--ca-certificate`. An image without
any authorities lacks the package `ca-certificates`; BusyBox's wget, which checks nothing at all without
`ssl_client`, is not what this rule is about.

The fix takes the option away. It is unsafe: a download that only worked because nothing was checked will
fail.
)",
    .bad = R"(
FROM debian:13-slim
RUN wget --no-check-certificate https://example.com/tool.tar.gz
)",
    .good = R"(
FROM debian:13-slim
RUN wget https://example.com/tool.tar.gz
)",
    .references =
        {"https://www.gnu.org/software/wget/manual/wget.html#HTTPS-_0028SSL_002fTLS_0029-Options"},
    .checks = each<check, check_files>,
};

}  // namespace bulkhead::rules
