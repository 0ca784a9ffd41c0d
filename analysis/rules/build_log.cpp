#include "analysis/rules/build_log.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "analysis/shell/commands/options.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

// Programs in a pipe that hand on what they read, so that it is there to be seen.
constexpr std::string_view filters = "base64 cat nl sort tee";

// Whether the redirections of a command take its output out of the log.
bool is_redirected(const Command& command) {
  return std::ranges::any_of(
      command.data().redirections, [&](const shell::Redirection& redirection) {
        const bool writes = redirection.kind == shell::Redirection::Kind::output ||
                            redirection.kind == shell::Redirection::Kind::append;
        const bool is_output = redirection.descriptor == -1 || redirection.descriptor == 1 ||
                               redirection.descriptor == -2;
        if (!writes || !is_output) return false;
        const std::string target = ShellWord(command.run(), redirection.target).value().text;
        return target != "/dev/stdout" && target != "/dev/stderr" && target != "/dev/tty" &&
               !target.starts_with("/proc/");
      });
}

}  // namespace

bool is_logged(const Commands& commands, std::size_t at) {
  const std::uint32_t pipe = commands[at].data().pipeline;
  if (commands[at].data().in_substitution || is_redirected(commands[at])) return false;
  for (std::size_t i = at + 1; i < commands.size(); ++i) {
    if (commands[i].data().link != shell::Link::pipe || commands[i].data().pipeline != pipe) break;
    if (!is_listed(commands[i].name(), filters) || is_redirected(commands[i])) return false;
  }
  return true;
}

}  // namespace bulkhead::rules
