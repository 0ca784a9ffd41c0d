#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/rules/account_changes.h"
#include "analysis/rules/secret_flow.h"
#include "analysis/shell/commands/output.h"
#include "analysis/shell/commands/users.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using Kind = shell::AccountChange::Kind;
using Redirection = shell::Redirection;

// What is known of a password that a build sets.
enum class Known : std::uint8_t {
  plain,     // it stands there
  hash,      // only what is kept of it does
  variable,  // it comes from ARG or ENV
  hidden,    // it comes from elsewhere, and is the same in every container all the same
  random,    // nobody knows it
};

struct SetPassword {
  std::size_t command = 0;          // that sets it
  std::optional<std::size_t> from;  // that prints it into the pipe
  std::vector<std::string> names;   // whose it is
  Known known = Known::plain;
  std::optional<HeldSecret> secret = {};
};

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// What `text`, a password as written, is.
Known known_of(std::string_view text, bool is_hashed) {
  if (has(text, "random") || has(text, "openssl rand") || has(text, "pwgen") || has(text, "uuid") ||
      has(text, "RANDOM"))
    return Known::random;
  // A password in the text of a command that makes the hash.
  if (has(text, "openssl passwd") || has(text, "mkpasswd") || has(text, "crypt"))
    return Known::plain;
  if (has(text, "$(") || has(text, "`") || has(text, "${")) return Known::hidden;
  const bool is_hash = text.size() > 3 && text[0] == '$' && has(text.substr(1), "$");
  return is_hash || is_hashed ? Known::hash : Known::plain;
}

// As /etc/shadow has it.
bool is_locked(std::string_view password) {
  return password.empty() || password.starts_with('!') || password.starts_with('*') ||
         password == "x";
}

// The text that goes into a command: that of the echo in front of it, or of a heredoc; as far as it is known.
struct Input {
  std::string text;
  std::optional<std::size_t> from = {};
  std::optional<HeldSecret> secret = {};
};

std::optional<Input> input_of(const Commands& commands, std::size_t at, const SecretFlow& flow) {
  const Command& command = commands[at];
  for (const Redirection& redirection : command.data().redirections) {
    if (redirection.kind != Redirection::Kind::heredoc &&
        redirection.kind != Redirection::Kind::herestring)
      continue;
    return Input{ShellWord(command.run(), redirection.target).value().text, std::nullopt,
                 flow.in(redirection.target.pieces)};
  }
  if (at == 0 || command.data().link != shell::Link::pipe) return std::nullopt;
  // Commands in $(...) stand between the echo and this one.
  std::size_t from = at - 1;
  while (from > 0 && commands[from].data().in_substitution != command.data().in_substitution)
    --from;
  const Command& printer = commands[from];
  if (!shell::prints_words(printer.name())) return std::nullopt;
  std::vector<std::string> words;
  Input input{{}, from, std::nullopt};
  for (const ShellWord& word : printer.arguments()) {
    words.push_back(word.value().text);
    if (!input.secret) input.secret = flow.in(word.pieces());
  }
  input.text = shell::printed_text(printer.name(), words).value_or("");
  return input;
}

// NAME:PASSWORD lines.
std::optional<SetPassword> of_chpasswd(const Command& command, const std::optional<Input>& input) {
  SetPassword set;
  set.known = Known::hidden;
  if (!input) return set;
  set.secret = input->secret;
  set.from = input->from;
  const auto& arguments = command.argument_texts();
  const bool is_hashed = std::ranges::any_of(arguments, [](const shell::Argument& argument) {
    return argument == "-e" || argument == "--encrypted";
  });
  bool is_first = true;
  for (std::string_view rest = input->text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) continue;
    const std::string_view password = line.substr(colon + 1);
    if (is_hashed ? is_locked(password) : password.empty()) continue;
    const Known known = known_of(password, is_hashed);
    if (known == Known::random) continue;
    set.names.emplace_back(line.substr(0, colon));
    if (is_first || known == Known::plain) set.known = known;
    is_first = false;
  }
  if (set.names.empty()) return std::nullopt;
  return set;
}

// -p of useradd and usermod.
std::optional<SetPassword> of_option(const Command& command, const SecretFlow& flow) {
  const auto arguments = command.arguments();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string text = arguments[i].value().text;
    std::string password;
    std::size_t at = i;
    if (text.starts_with("--password=")) {
      password = text.substr(text.find('=') + 1);
    } else if ((text == "-p" || text == "--password") && i + 1 < arguments.size()) {
      password = arguments[++at].value().text;
    } else {
      continue;
    }
    const Known known = known_of(password, false);
    if (is_locked(password) || known == Known::random) return std::nullopt;
    SetPassword set;
    set.known = known;
    set.secret = flow.in(arguments[at].pieces());
    return set;
  }
  return std::nullopt;
}

bool may_set_password(const Command& command) {
  return is_listed(command.name(), "chpasswd passwd useradd usermod adduser");
}

std::optional<SetPassword> set_by(const Commands& commands, std::size_t at,
                                  const SecretFlow& flow) {
  const Command& command = commands[at];
  const std::string& name = command.name();
  std::optional<SetPassword> set;
  if (name == "chpasswd") {
    set = of_chpasswd(command, input_of(commands, at, flow));
  } else {
    const auto& changes = command.account_changes();
    const auto change =
        std::ranges::find(changes, Kind::sets_password, &shell::AccountChange::kind);
    if (change == changes.end()) return std::nullopt;
    if (name == "passwd") {
      const auto input = input_of(commands, at, flow);
      if (!input) return std::nullopt;  // somebody has to type it
      set.emplace();
      set->from = input->from;
      set->secret = input->secret;
      set->known = known_of(input->text, false);
      if (set->known == Known::random) return std::nullopt;
    } else {
      set = of_option(command, flow);
    }
    if (set && change->name) set->names = {*change->name};
  }
  if (!set) return std::nullopt;
  set->command = at;
  if (set->secret) set->known = set->secret->declaration ? Known::variable : Known::hidden;
  return set;
}

// Whether the account is locked or removed further down in the stage.
bool is_mended(const Stage& stage, const Command& command, const std::string& name) {
  const std::uint32_t begin = command.span().end;
  bool mended = false;
  stage.effects().each<AccountEffect>([&](const Effect& effect, const AccountEffect& account) {
    mended =
        mended || (effect.span.begin >= begin && effect.certain && account.change.name == name &&
                   (account.change.kind == Kind::locks_password ||
                    account.change.kind == Kind::removes_user));
  });
  return mended;
}

std::string message(const SetPassword& set) {
  const std::string who =
      set.names.empty() ? "an account" : fmt::format("{}", fmt::join(set.names, " and "));
  switch (set.known) {
    case Known::plain:
      return fmt::format(
          "The password of {} stands here, and in the history of the image: whoever has that can "
          "log in",
          who);
    case Known::variable:
      return fmt::format("The password of {} comes from {}, {}: {}", who, set.secret->name,
                         kind_of(*set.secret->declaration), trace_of(*set.secret->declaration));
    case Known::hash:
      return fmt::format(
          "The hash of the password of {} stands here, where everybody may try to guess it", who);
    default:
      return fmt::format(
          "The password of {} is set in the build: every container has the same, and the layer its "
          "hash",
          who);
  }
}

bool is_bare_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return is_name_character(c) || c == '-' || c == '.';
  });
}

// Locks the passwords in place of setting them.
std::vector<Edit> locked(const Commands& commands, const SetPassword& set) {
  const Command& command = commands[set.command];
  const Run run = command.run();
  if (run.is_json() || run.script().opaque || command.data().in_text || set.names.empty() ||
      !std::ranges::all_of(set.names, is_bare_name))
    return {};
  const std::string& name = command.name();
  std::vector<std::string> locks;
  for (const std::string& each : set.names) locks.push_back(lock_command(*run.stage(), each));
  const std::string lock = fmt::format("{}", fmt::join(locks, " && "));
  if (name == "useradd" || name == "usermod") {
    const auto arguments = command.arguments();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string text = arguments[i].value().text;
      const bool is_attached = text.starts_with("--password=");
      if (!is_attached && text != "-p" && text != "--password") continue;
      const std::size_t size = is_attached ? 1 : 2;
      // Without other options usermod does nothing else.
      if (name == "usermod" && arguments.size() == size + 1) {
        const auto edit = replace_command(command, lock);
        return edit ? std::vector{*edit} : std::vector<Edit>{};
      }
      return size == 1 ? std::vector{remove_argument(command, i)}
                       : remove_arguments(command, {i, i + 1});
    }
    return {};
  }
  const bool is_wrapped = command.unwrapped().program != 0;
  if (!set.from || is_wrapped || commands[*set.from].data().link == shell::Link::pipe) return {};
  // A group on one side of the pipe would be cut apart.
  const Span printer = commands[*set.from].span();
  const std::string_view pipe = run.document().text({printer.end, command.span().begin});
  if (pipe.find_first_not_of(std::string("| \t\r\n") + run.document().escape()) != pipe.npos)
    return {};
  return {replace(Span{printer.begin, command.span().end}, lock)};
}

void check(const Stage& stage, Report& report) {
  for (const Run& run : stage.all<Run>()) {
    const auto commands = run.commands();
    std::optional<SecretFlow> flow;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      if (!may_set_password(commands[i])) continue;
      if (!flow) flow.emplace(report.view<SecretVariables>(stage.document()), run);
      const auto set = set_by(commands, i, *flow);
      if (!set) continue;
      if (std::ranges::any_of(set->names, [&](const std::string& name) {
            return is_mended(stage, commands[i], name);
          }))
        continue;
      auto finding = report.at(commands[i], message(*set));
      if (set->known == Known::hash || set->known == Known::hidden || commands[i].conditional())
        finding.severity(Severity::warning);
      if (set->from) finding.related(commands[*set->from], "the password comes from here");
      if (set->secret && set->secret->declaration)
        finding.related(set->secret->declaration->pair, "it is declared here");
      finding.fix(Safety::unsafe, "Lock the password", locked(commands, *set));
    }
  }
}

}  // namespace

extern constinit const Rule password_set_in_build{
    .id = "password-set-in-build",
    .title = "Login password set by the build",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_17", "sonar:S6437"},
    .why = R"(
A password that a build sets (`chpasswd`, `passwd --stdin`, `useradd -p`, `usermod -p`) is the same in every
container of the image, and everybody who can pull the image has it: in the history, where the `RUN` stands, or
as a hash in `/etc/shadow`. With `su`, `sudo` or an SSH server in the image that is a way to root.

A container needs no passwords: `USER` and `docker exec -u` ask for none. Where people do log in, give them keys,
or set the password when the container starts, from a secret of its own.

A hash, and a password that the build gets in a way that leaves no trace, are warnings. The rule is silent for
random passwords, which nobody knows, for those that match nothing (`!`, `*`), and where the account is locked
or removed further down.

The fix locks the account's password; keys for SSH and `USER` work all the same. It is unsafe, for somebody may
log in with the password. Where it is piped through another command, or comes from a group of them, there is none.
)",
    .bad = R"(
FROM debian:13
RUN useradd --create-home app && echo 'app:hunter2-example' | chpasswd
USER app
)",
    .good = R"(
FROM debian:13
RUN useradd --create-home app && passwd -l app
USER app
)",
    .references = {"https://man7.org/linux/man-pages/man8/chpasswd.8.html",
                   "https://man7.org/linux/man-pages/man1/passwd.1.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
