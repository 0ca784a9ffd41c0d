#include <fmt/format.h>

#include <cstddef>

#include "analysis/rules/command_options.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view consequence =
    "that version has been broken, so what is sent can be read and changed on the way";

// curl --tls-max 1.1
void check_limit(const Command& command, Report& report) {
  if (command.name() != "curl") return;
  const auto& texts = command.argument_texts();
  const auto words = command.arguments();
  for (std::size_t i = 0; i + 1 < texts.size(); ++i) {
    if (texts[i] != "--tls-max" || (texts[i + 1] != "1.0" && texts[i + 1] != "1.1")) continue;
    report
        .at(Span{words[i].span().begin, words[i + 1].span().end},
            fmt::format("curl --tls-max {}: {}", *texts[i + 1], consequence))
        .fix(Safety::unsafe, "Remove --tls-max", remove_arguments(command, {i, i + 1}));
  }
}

void check(const Command& command, Report& report) {
  check_limit(command, report);
  report_options(command, report,
                 {.programs = "curl", .options = "--sslv2 --sslv3 --tlsv1.0 --tlsv1.1 -2 -3"},
                 consequence);
  report_options(command, report,
                 {.programs = "wget",
                  .options = "--secure-protocol=SSLv2 --secure-protocol=SSLv3 "
                             "--secure-protocol=TLSv1 --secure-protocol=TLSv1_1"},
                 consequence);
}

}  // namespace

extern constinit const Rule weak_tls_version{
    .id = "weak-tls-version",
    .title = "Download with a broken version of TLS",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"sonar:S4423"},
    .why = R"(
SSL 2 and 3 and TLS 1.0 and 1.1 have holes that let whoever sits on the way read and change what is sent; RFC
8996 and RFC 7568 forbid them. Without such an option curl and wget take the best version that both sides know.

`--tlsv1` of curl asks for TLS 1.0 or better, and is not reported.

The fix takes the option away. It is unsafe: a server that knows nothing better will not be reached any more.
)",
    .bad = R"(
FROM debian:13-slim
RUN curl --sslv3 -fsSLo /tmp/tool https://example.com/tool
)",
    .good = R"(
FROM debian:13-slim
RUN curl -fsSLo /tmp/tool https://example.com/tool
)",
    .references = {"https://www.rfc-editor.org/rfc/rfc8996", "https://curl.se/docs/manpage.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
