#include "analysis/shell/commands/wrappers.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace bulkhead::shell {
namespace {

struct Wrapper {
  std::string_view name;
  // The options that take a value, as first_operand() takes them.
  std::string_view letters = {};
  WordList long_options = {};
  std::size_t operands = 0;          // of its own, in front of the command
  std::string_view subcommand = {};  // without which it runs no command
  bool assignments = false;          // NAME=value may stand in front of the command
  // What says who the command runs as: an option, or the first operand.
  enum class User : std::uint8_t { same, option, operand } user = User::same;
};

// sudo(8), env(1), timeout(1), runuser(1), and so on.
constexpr Wrapper wrappers[] = {
    {.name = "sudo",
     .letters = "ughpCDRrtTU",
     .long_options = "user group host prompt chdir chroot role type command-timeout other-user "
                     "close-from",
     .assignments = true,
     .user = Wrapper::User::option},
    {.name = "doas", .letters = "uC", .user = Wrapper::User::option},
    {.name = "runuser",
     .letters = "ugG",
     .long_options = "user group supp-group",
     .user = Wrapper::User::option},
    {.name = "gosu", .operands = 1, .user = Wrapper::User::operand},
    {.name = "su-exec", .operands = 1, .user = Wrapper::User::operand},
    {.name = "setpriv",
     .long_options = "reuid regid groups ambient-caps inh-caps bounding-set securebits",
     .user = Wrapper::User::option},
    {.name = "env",
     .letters = "uCS",
     .long_options = "unset chdir split-string",
     .assignments = true},
    {.name = "exec", .letters = "a"},
    {.name = "command"},
    {.name = "builtin"},
    {.name = "busybox"},
    {.name = "time", .letters = "fo", .long_options = "format output"},
    {.name = "timeout", .letters = "ks", .long_options = "kill-after signal", .operands = 1},
    {.name = "nice", .letters = "n", .long_options = "adjustment"},
    {.name = "ionice", .letters = "cnpPu", .long_options = "class classdata"},
    {.name = "chrt", .letters = "TPD", .operands = 1},
    {.name = "taskset", .operands = 1},
    {.name = "nohup"},
    {.name = "setsid"},
    {.name = "stdbuf", .letters = "ioe", .long_options = "input output error"},
    {.name = "setarch", .operands = 1},
    {.name = "linux32"},
    {.name = "linux64"},
    {.name = "eatmydata"},
    {.name = "fakeroot"},
    {.name = "tini", .letters = "pe"},
    {.name = "dumb-init", .letters = "r", .long_options = "rewrite"},
    {.name = "catatonit"},
    {.name = "conda", .letters = "np", .long_options = "name prefix cwd", .subcommand = "run"},
    {.name = "mamba", .letters = "np", .long_options = "name prefix cwd", .subcommand = "run"},
    {.name = "micromamba",
     .letters = "nprae",
     .long_options = "name prefix root-prefix cwd attach env",
     .subcommand = "run"},
    {.name = "poetry", .letters = "CP", .long_options = "directory project", .subcommand = "run"},
    {.name = "pipenv", .subcommand = "run"},
    {.name = "xvfb-run",
     .letters = "efnpsw",
     .long_options = "error-file auth-file server-num xauth-protocol server-args wait"},
};

const Wrapper* find_wrapper(std::string_view program) {
  const auto found =
      std::ranges::find(wrappers, program.substr(program.rfind('/') + 1), &Wrapper::name);
  return found == std::end(wrappers) ? nullptr : found;
}

}  // namespace

bool is_wrapper(std::string_view program) {
  return find_wrapper(program) != nullptr;
}

Wrapped unwrap(std::span<const Argument> words) {
  Wrapped wrapped;
  std::size_t& at = wrapped.program;
  while (at < words.size() && words[at]) {
    const Wrapper* const wrapper = find_wrapper(*words[at]);
    if (wrapper == nullptr) break;
    std::size_t options = at + 1;
    if (!wrapper->subcommand.empty()) {
      options += first_operand(words.subspan(options), wrapper->letters, wrapper->long_options);
      if (options >= words.size() || words[options] != wrapper->subcommand) break;
      ++options;
    }
    const auto rest = words.subspan(options);
    // `command -v ls` only asks for it.
    if (wrapper->name == "command" && !rest.empty() && (rest[0] == "-v" || rest[0] == "-V")) break;
    at = options + first_operand(rest, wrapper->letters, wrapper->long_options);
    while (wrapper->assignments && at < words.size() && words[at] &&
           words[at]->find('=') != std::string::npos) {
      ++at;
    }
    using User = Wrapper::User;
    if (wrapper->user == User::operand) {
      wrapped.changes_user = true;
      wrapped.user = at < words.size() ? words[at] : std::nullopt;
      wrapped.user_word = at < words.size() ? at : 0;
    } else if (wrapper->user == User::option) {
      constexpr Option known[] = {{"user", 'u', true}, {"reuid", 0, true}};
      const CommandLine line = read_options(words.subspan(options, at - options), known);
      const GivenOption* user = line.find("user");
      if (user == nullptr) user = line.find("reuid");
      wrapped.changes_user = true;
      wrapped.user = user != nullptr ? user->value : Argument("root");
      const bool is_whole = user != nullptr && user->value && user->offset == 0;
      wrapped.user_word = is_whole ? options + user->argument : 0;
      // `runuser app -c text` has no command line behind it.
      if (wrapper->name == "runuser" && !line.has("user")) return {.program = options - 1};
    }
    at = std::min(at + wrapper->operands, words.size());
  }
  return wrapped;
}

}  // namespace bulkhead::shell
