#include <fmt/format.h>

#include <ranges>
#include <string_view>

#include "analysis/rules/command_options.h"
#include "analysis/rules/written_settings.h"
#include "analysis/shell/commands/downloads.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  if (command.name() != "curl") return;
  report_options(
      command, report, {.programs = "curl", .options = "--proxy-insecure"},
      "whoever poses as the proxy can read, and without TLS replace, what is downloaded");
  const auto download = shell::download("curl", command.argument_texts());
  if (!download || !download->unverified) return;
  report_options(command, report, {.programs = "curl", .options = "--insecure", .letters = "k"},
                 "anyone on the network path can replace what is downloaded");
}

// insecure, --insecure or -k, a line of its own in ~/.curlrc
void check_files(const Stage& stage, Report& report) {
  for (const WrittenText& text : written_texts(report, stage, "*/.curlrc */curlrc /etc/.curlrc")) {
    for (const auto part : std::views::split(text.text, '\n')) {
      const std::string_view line = trimmed(std::string_view(part.begin(), part.end()));
      if (line != "insecure" && line != "--insecure" && line != "-k") continue;
      report.at(text.place, fmt::format("{} in {}: anyone on the network path can replace what any "
                                        "curl downloads",
                                        line, text.path));
      break;
    }
  }
}

}  // namespace

extern constinit const Rule curl_insecure{
    .id = "curl-insecure",
    .title = "curl checks no certificate",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_2", "sonar:S4830"},
    .why = R"(
With `-k` or `--insecure` curl takes any certificate, so anybody on the way between the build and the
server (a proxy, a name server that lies, a Wi-Fi) can hand out other bytes. What comes in this way
becomes part of the image, and often runs as root during the build.

Where a server has a certificate of one's own authority, name that with `--cacert`, or install it first
(`update-ca-certificates`). An image without any authorities lacks the package `ca-certificates`.

The fix takes the option away. It is unsafe: a download that only worked because nothing was checked will
fail.
)",
    .bad = R"(
FROM debian:13-slim
RUN curl -fsSLk https://example.com/tool.tar.gz -o /tmp/tool.tar.gz
)",
    .good = R"(
FROM debian:13-slim
RUN curl -fsSL https://example.com/tool.tar.gz -o /tmp/tool.tar.gz
)",
    .references = {"https://curl.se/docs/manpage.html#-k"},
    .checks = each<check, check_files>,
};

}  // namespace bulkhead::rules
