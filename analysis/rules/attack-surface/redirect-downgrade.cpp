#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "analysis/rule.h"
#include "analysis/shell/commands/downloads.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

using shell::Argument;
using shell::Download;

// The part of a command from the argument `begin` on. `--next` ends it, behind which curl forgets its options.
struct Part {
  std::size_t begin = 0;
  std::vector<Argument> arguments;
};

std::vector<Part> parts_of(const Command& command) {
  std::vector<Part> parts(1);
  for (const Argument& argument : command.argument_texts()) {
    if (argument == "--next" || argument == "-:") {
      parts.push_back({parts.back().begin + parts.back().arguments.size() + 1, {}});
    } else {
      parts.back().arguments.push_back(argument);
    }
  }
  return parts;
}

// That may name other addresses.
bool reads_configuration(const Part& part) {
  return std::ranges::any_of(part.arguments, [](const Argument& argument) {
    if (!argument || !argument->starts_with('-')) return false;
    return argument->starts_with("--") ? argument->starts_with("--config")
                                       : argument->find('K') != std::string::npos;
  });
}

// Whether zsh may read a RUN, which takes `=https` for the path of a program.
struct MayBeZsh {
  explicit MayBeZsh(const Instruction& run) {
    answer = run.document().text(run.span()).find("zsh") != std::string_view::npos ||
             (run.stage() && is_zsh(run.stage()->state_before(run.index()).shell));
  }
  static bool is_zsh(const std::optional<Shell>& shell) {
    return shell && !shell->words().empty() && shell->words()[0].text().ends_with("zsh");
  }
  bool answer = false;
};

// curl heeds -q, which may lead a bundle, as its first option only: it stays in front.
std::vector<Edit> allow_https_only(const Command& command) {
  const Argument& first = command.argument_texts().front();
  const bool is_option = first == "-q" || first == "--disable";
  const bool is_bundle = !is_option && first && first->starts_with("-q");
  if (!is_option && !is_bundle) return {insert_arguments(command, {"--proto", "=https"})};
  if (!has_own_word(command, 0)) return {};
  return {insert_arguments(command, {is_bundle ? "-q" : *first, "--proto", "=https"}),
          is_bundle ? replace(command.arguments().front(), "-" + first->substr(2))
                    : remove_argument(command, 0)};
}

void check(const Command& command, Report& report) {
  if (command.name() != "curl") return;
  const auto words = command.arguments();
  const std::vector<Part> parts = parts_of(command);
  for (const Part& part : parts) {
    const auto download = shell::download("curl", part.arguments);
    if (!download || !download->follows || download->https_only) continue;
    // What begins in clear text cannot fall back to it.
    const bool is_secure = std::ranges::all_of(download->urls, [](const Download::Url& url) {
      return url.text && lower_case(*url.text).starts_with("https://");
    });
    if (!is_secure || download->urls.empty()) continue;
    const Download::Url& url = download->urls.front();
    const std::string_view host = std::string_view(*url.text).substr(8);
    auto finding = report.at(words[part.begin + url.argument],
                             fmt::format("curl goes wherever {} sends it, over http as well",
                                         host.substr(0, host.find_first_of("/?#:"))));
    if (parts.size() > 1 || reads_configuration(part) ||
        report.view<MayBeZsh>(command.run()).answer)
      continue;
    if (!download->protocols_by) {
      finding.fix(Safety::safe, "Add --proto =https", allow_https_only(command));
    } else if (has_own_word(command, *download->protocols_by)) {
      // Somebody may have allowed http on purpose.
      finding.fix(Safety::unsafe, "Allow https only",
                  replace(words[*download->protocols_by], "=https"));
    }
  }
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
rustup write `--proto '=https'` for that reason; `--proto-redir =https` does as well.

Only curl is looked at, and only where each address begins with `https://`. wget has no such option; `ADD` and
`sha256sum -c` with a checksum are better than both.

The fix adds the option. It is safe: what is downloaded stays the same, unless it came in clear text, and that was
not meant. It is unsafe where it changes a `--proto` that is there, which may allow http on purpose. There is none
for a command with `--next`, behind which the option would have to be repeated, nor where zsh may read it, to which
`=https` means something else.
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
