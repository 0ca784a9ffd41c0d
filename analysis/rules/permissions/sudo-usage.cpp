#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/model/accounts.h"
#include "analysis/model/paths.h"
#include "analysis/model/row.h"
#include "analysis/rule.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

// A command that is run by sudo as root.
struct Call {
  Command command;
  std::size_t sudo = 0;     // of the command's words
  std::size_t program = 0;  // that it runs; behind all words where there is none
};

// Where the program stands that xargs or find calls, in `words`; behind all of them where none does.
std::size_t called_by(std::string_view name, std::span<const shell::Argument> words) {
  if (name == "xargs") return shell::first_operand(words, "adEILnPs");
  if (name != "find") return words.size();
  const auto exec = std::ranges::find_if(words, [](const shell::Argument& word) {
    return word && is_listed(*word, "-exec -execdir -ok -okdir");
  });
  return exec == words.end() ? words.size() : static_cast<std::size_t>(exec - words.begin()) + 1;
}

// The call among the words from `first` on, whose wrappers these are.
std::optional<Call> sudo_call(const Command& command, std::size_t first,
                              const shell::Wrapped& wrapped) {
  if (wrapped.changes_user && (!wrapped.user || !is_root(*wrapped.user))) return std::nullopt;
  const std::size_t program = first + wrapped.program;
  const std::size_t end = std::min(std::max(program, first + 1), command.data().words.size());
  for (std::size_t i = first; i < end; ++i) {
    if (file_name(command.word(i).value().text) == "sudo") return Call{command, i, program};
  }
  return std::nullopt;
}

std::optional<Call> sudo_call(const Command& command) {
  const shell::Wrapped wrapped = command.unwrapped();
  if (auto call = sudo_call(command, 0, wrapped)) return call;
  if (!is_listed(command.name(), "find xargs")) return std::nullopt;
  std::vector<shell::Argument> words;
  for (std::size_t i = wrapped.program + 1; i < command.data().words.size(); ++i)
    words.push_back(command.word(i).text());
  const std::size_t called = called_by(command.name(), words);
  return sudo_call(command, wrapped.program + 1 + called,
                   shell::unwrap(std::span<const shell::Argument>(words).subspan(called)));
}

// Of each command once, though a function may be called more than once.
std::vector<Call> sudo_calls(const Run& run) {
  const auto commands = run.commands();
  // `if [ "$(id -u)" -ne 0 ]; then sudo ...` knows what it does.
  const bool asks_who = std::ranges::any_of(commands, [](const Command& command) {
    return command.name() == "id" && !command.arguments().empty() &&
           command.arguments().front().text() == "-u";
  });
  std::vector<Call> calls;
  std::set<std::pair<std::uint32_t, std::uint32_t>> known;
  for (const Command& command : commands) {
    if (asks_who && command.conditional()) continue;
    auto call = sudo_call(command);
    if (call && known.emplace(command.span().begin, command.span().end).second)
      calls.push_back(*std::move(call));
  }
  return calls;
}

// Options that mean nothing to root.
bool is_idle(std::string_view option) {
  constexpr std::array<std::string_view, 12> idle = {"-E",
                                                     "-H",
                                                     "-n",
                                                     "-S",
                                                     "-EH",
                                                     "-HE",
                                                     "-En",
                                                     "-nE",
                                                     "--",
                                                     "--set-home",
                                                     "--non-interactive",
                                                     "--preserve-env"};
  return std::ranges::find(idle, option) != idle.end() || option.starts_with("--preserve-env=") ||
         option == "--user=root" || option == "-uroot";
}

// NAME=value as a shell knows it, which does not where quotes begin in front of the `=`.
bool is_assignment(std::string_view written) {
  return !written.empty() && is_name_start(written[0]) &&
         std::ranges::all_of(written.substr(0, written.find('=')), is_name_character);
}

// Takes sudo and its options away; none where one of these does more, or nothing is run.
std::optional<Edit> without_sudo(const Call& call) {
  const auto& words = call.command.data().words;
  if (call.program >= words.size()) return std::nullopt;
  std::size_t behind = call.sudo + 1;
  for (; behind < call.program; ++behind) {
    const std::string text = call.command.word(behind).value().text;
    if (text == "-u" || text == "--user") {
      ++behind;  // root, or there would be no call
    } else if (!text.starts_with('-')) {
      break;
    } else if (!is_idle(text)) {
      return std::nullopt;
    }
  }
  // VAR=value in front of the program; a shell takes it in front of a command only.
  const bool has_variables = behind < call.program;
  if (has_variables && (call.sudo > 0 || call.command.run().is_json())) return std::nullopt;
  for (std::size_t i = behind; i < call.program; ++i) {
    if (!is_assignment(call.command.run().document().text(call.command.word(i).span())))
      return std::nullopt;
  }
  return remove_words(call.command, call.sudo, behind);
}

std::vector<Edit> without_sudo(const std::vector<Call>& calls) {
  std::vector<Edit> edits;
  for (const Call& call : calls) {
    if (call.command.data().user) return {};
    const auto edit = without_sudo(call);
    if (!edit) return {};
    edits.push_back(*edit);
  }
  return edits;
}

// Where the script begins to give variables to all that it runs.
std::uint32_t first_export(const Run& run) {
  const auto commands = run.commands();
  const auto found = std::ranges::find_if(commands, [](const Command& command) {
    if (is_listed(command.name(), "export declare typeset eval . source")) return true;
    // NAME=value of what is in the environment already.
    if (command.data().words.empty()) return !command.data().assignments.empty();
    return command.name() == "set" &&  // -a
           std::ranges::any_of(command.argument_texts(), [](const shell::Argument& text) {
             return !text || *text == "allexport" ||
                    (text->starts_with('-') && text->find('a') != std::string::npos);
           });
  });
  return found == commands.end() ? run.span().end : (*found).span().begin;
}

// Whether it may do something else without sudo, which drops variables that the script gives, and runs a program
// where the shell has a command of its own by that name.
bool may_differ_without(const Call& call, std::uint32_t exported) {
  const Command& command = call.command;
  const auto text = [&](std::size_t word) { return command.word(word).value().text; };
  constexpr WordList of_shell =
      ". : [ alias bg bind break builtin caller cd command compgen complete continue declare dirs "
      "disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill "
      "let local logout mapfile popd printf pushd pwd read readarray readonly return set shift "
      "shopt source suspend test time times trap true type typeset ulimit umask unalias unset wait";
  // What a variable stands for may begin with NAME=value, or with options of sudo.
  if (!command.word(call.program).text() || is_listed(text(call.program), of_shell)) return true;
  bool has_variables = !command.data().assignments.empty() || command.span().begin > exported;
  for (std::size_t i = 0; i < call.sudo; ++i) {
    if (text(i).find('=') != std::string::npos) has_variables = true;  // env NAME=value sudo
  }
  for (std::size_t i = call.sudo + 1; i < call.program; ++i) {
    if (is_listed(text(i), "-E -EH -HE -En -nE --preserve-env")) return false;
  }
  return has_variables;
}

// Whether all of a RUN that matters is run by sudo, so that it may as well run as root.
bool is_all_of(const Run& run, const std::vector<Call>& calls) {
  constexpr std::array<std::string_view, 8> idle = {"cd",   "echo",   "export", "set",
                                                    "true", "printf", "test",   "["};
  constexpr std::size_t most = 100;  // that anybody reads
  if (calls.size() > most) return false;
  return std::ranges::all_of(run.commands(), [&](const Command& command) {
    const bool is_call = std::ranges::any_of(calls, [&](const Call& call) {
      const Span outer = call.command.span();
      const Span inner = command.span();
      return outer.begin <= inner.begin && inner.end <= outer.end;
    });
    return is_call || command.data().words.empty() ||
           std::ranges::find(idle, command.name()) != idle.end();
  });
}

void check(const Run& run, Report& report) {
  const std::vector<Call> calls = sudo_calls(run);
  if (calls.empty()) return;
  const StepUser user = user_of_step(run);
  using Kind = StepUser::Kind;
  const std::string message =
      user.kind == Kind::root ? "This step runs as root already, sudo adds nothing"
      : user.kind == Kind::other
          ? fmt::format(
                "{} becomes root by sudo here; every process of {} in the container can do "
                "so too",
                user.name, user.name)
          : "With USER root in front of it, this step needs no sudo";
  auto finding = report.at(calls.front().command.word(calls.front().sudo), message);
  for (std::size_t i = 1; i < calls.size(); ++i)
    finding.related(calls[i].command.word(calls[i].sudo), "here as well");
  std::vector<Edit> edits = without_sudo(calls);
  if (edits.empty()) return;
  if (user.kind == Kind::root && !user.hint) {
    const std::uint32_t exported = first_export(run);
    const bool may_differ = std::ranges::any_of(
        calls, [&](const Call& call) { return may_differ_without(call, exported); });
    finding.fix(may_differ ? Safety::unsafe : Safety::safe, "Run it without sudo",
                std::move(edits));
  } else if (user.kind == Kind::other && is_all_of(run, calls)) {
    for (Edit& edit : run_as_root(run, run)) edits.push_back(std::move(edit));
    finding.fix(Safety::unsafe, "Run this step as root, without sudo", std::move(edits));
  }
}

}  // namespace

extern constinit const Rule sudo_usage{
    .id = "sudo-usage",
    .title = "sudo in a step of the build",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3004", "trivy:DS-0010", "checkov:CKV2_DOCKER_1", "kics:run_using_sudo",
                "semgrep:no-sudo-in-dockerfile", "dockle:DKL-DI-0001", "dockerfilelint:sudo_usage",
                "dockerlint:sudo", "dockerfile_lint:no_run_with_sudo"},
    .why = R"(
A build changes its user with `USER`; it needs no `sudo`. Where a step runs as root, `sudo` does nothing but drop
variables of the environment. Where it runs as somebody else, `sudo` works only if that account may become root
without a password, and then every process of the container that runs as that account may too.

`sudo -u other`, which goes on with fewer rights, is not reported, nor is a `sudo` that depends on `id -u`.

The fix takes `sudo` away where the step runs as root; variables that it was told to set stay. That is safe: the same
program runs with the same rights, and with the variables of `ENV` and `ARG`, as every other step. It is unsafe where
the script gives it variables that `sudo` drops, as in `CC=clang sudo make` and behind `export`, where the shell has a
command of its own by that name, such as `echo` and `cd`, and where a variable names the program. Where the step runs
as somebody else and all of it is run by `sudo`, the fix puts `USER root` in front and the old `USER` behind it, which
is unsafe: files may get another owner. Options that do more, such as `-i` or `-D`, have no fix.
)",
    .bad = R"(
FROM debian:13
RUN sudo apt-get update && sudo apt-get install -y --no-install-recommends curl
)",
    .good = R"(
FROM debian:13
RUN apt-get update && apt-get install -y --no-install-recommends curl
)",
    .references = {"https://docs.docker.com/build/building/best-practices/#user",
                   "https://www.sudo.ws/docs/man/sudo.man/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
