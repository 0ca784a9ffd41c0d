#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "analysis/rule.h"
#include "analysis/shell/commands/downloads.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  if (command.name() != "curl") return;
  const auto words = command.arguments();
  const auto download = shell::download("curl", command.argument_texts());
  if (!download || !download->follows || download->https_only) return;
  // What begins in clear text cannot fall back to it.
  const bool is_secure = std::ranges::all_of(download->urls, [](const shell::Download::Url& url) {
    return url.text && lower_case(*url.text).starts_with("https://");
  });
  if (!is_secure || download->urls.empty()) return;
  const shell::Download::Url& url = download->urls.front();
  const std::string_view host = std::string_view(*url.text).substr(8);
  report
      .at(words[url.argument], fmt::format("curl goes wherever {} sends it, over http as well",
                                           host.substr(0, host.find_first_of("/?#:"))))
      .fix(Safety::safe, "Add --proto =https", insert_arguments(command, {"--proto", "=https"}));
}

}  // namespace

extern constinit const Rule redirect_downgrade{
    .id = "redirect-downgrade",
    .title = "curl may be sent on to clear text",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"sonar:S6506"},
    .why = R"(
With `-L` curl follows wherever the server sends it, from `https` to `http` as well. Whoever sits on the way then
hands out other bytes, though the address in the Dockerfile is a safe one. Official instructions such as those of
rustup write `--proto '=https'` for that reason.

Only curl is looked at, and only where each address begins with `https://`. wget has no such option; `ADD` and
`sha256sum -c` with a checksum are better than both.

The fix adds the option. It is safe: what is downloaded stays the same, unless it came in clear text, and that was
not meant.
)",
    .bad = R"(
FROM debian:13-slim
RUN curl -fsSL -o /tmp/tool.tar.gz https://example.com/tool.tar.gz
)",
    .good = R"(
FROM debian:13-slim
RUN curl --proto =https -fsSL -o /tmp/tool.tar.gz https://example.com/tool.tar.gz
)",
    .references = {"https://curl.se/docs/manpage.html#--proto"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
