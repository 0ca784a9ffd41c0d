#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/build_log.h"
#include "analysis/rules/secret_flow.h"
#include "analysis/shell/commands/interpreters.h"
#include "analysis/shell/commands/options.h"
#include "analysis/shell/commands/output.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using Redirection = shell::Redirection;

constexpr std::string_view file_printers = "base64 cat head less more nl od tac tail xxd";
// The pieces that put a whole value into the word, not a part such as ${TOKEN:0:4} or ${TOKEN##*.}.
std::vector<shell::Piece> whole_values(std::vector<shell::Piece> pieces) {
  std::erase_if(pieces, [](const shell::Piece& piece) {
    std::string_view operation = piece.operation;
    if (piece.kind != shell::Piece::Kind::variable || operation.empty()) return false;
    if (operation.starts_with(':')) operation.remove_prefix(1);
    return operation.find_first_of("-?=+") != 0;
  });
  return pieces;
}

// The secret that a command prints; the place is that of what says so.
std::optional<HeldSecret> printed(const Command& command, const SecretFlow& flow) {
  const std::string& name = command.name();
  const auto arguments = command.arguments();
  if (shell::prints_words(name)) {
    for (const ShellWord& word : arguments) {
      if (auto held = flow.in(whole_values(word.pieces()))) return held;
    }
  }
  if (is_listed(name, file_printers)) {
    const auto mounted = [&](const ShellWord& word) -> std::optional<HeldSecret> {
      std::string path = word.value().text;
      if (!flow.is_mounted(path)) return std::nullopt;
      return HeldSecret{word.span(), std::move(path)};
    };
    for (const ShellWord& word : arguments) {
      if (auto held = mounted(word)) return held;
    }
    for (const Redirection& redirection : command.data().redirections) {
      if (redirection.kind != Redirection::Kind::input) continue;
      if (auto held = mounted(ShellWord(command.run(), redirection.target))) return held;
    }
  }
  // All of the environment, or a variable by its name.
  const auto& words = command.data().words;
  const bool is_alone = words.size() == 1;
  const bool is_env = is_alone && words[0].literal() == "env";
  const bool is_set = is_alone && (name == "set" || name == "export");
  if (!is_env && !is_set && name != "printenv") return std::nullopt;
  std::optional<HeldSecret> held;
  if (name == "printenv" && !arguments.empty()) {
    held = flow.variable(arguments[0].value().text);
  } else {
    held = flow.any_variable();
  }
  if (held) held->span = command.span();
  return held;
}

void report_printed(const Command& command, const HeldSecret& held, Report& report) {
  const std::string& name = command.name();
  auto finding = report.at(
      held.span, fmt::format("{} prints {} to the log of the build, which others may read",
                             name.empty() ? "env" : name, held.name));
  if (held.declaration != nullptr) finding.related(held.declaration->pair, "it is declared here");
  if (auto edit = remove_command(command))
    finding.fix(Safety::unsafe, "Remove the command", *std::move(edit));
}

// ---- set -x

// The word that switches the tracing of commands on, whose it is, and what takes that away.
struct Trace {
  ShellWord word;
  std::string program;
  std::vector<Edit> off;
};

std::vector<Edit> without_x(const Command& command, std::size_t argument, bool is_set) {
  const auto arguments = command.arguments();
  if (!has_own_word(command, argument)) return {};
  std::string letters = arguments[argument].value().text;
  std::erase(letters, 'x');
  if (letters.size() > 1) return {replace(arguments[argument], letters)};
  if (!is_set || arguments.size() > 1) return {remove_argument(command, argument)};
  const auto edit = remove_command(command);
  return edit ? std::vector{*edit} : std::vector<Edit>{};
}

// Whether an argument of `set` or of a shell switches it on (true) or off.
std::optional<bool> switches(const std::vector<ShellWord>& arguments, std::size_t at) {
  const std::string text = arguments[at].value().text;
  if (text == "xtrace" && at > 0) {
    const std::string option = arguments[at - 1].value().text;
    if (option == "-o" || option == "+o") return option == "-o";
  }
  const bool is_option = text.size() > 1 && (text[0] == '-' || text[0] == '+') && text[1] != '-';
  return is_option && text.find('x') != std::string::npos ? std::optional(text[0] == '-')
                                                          : std::nullopt;
}

class Tracing {
 public:
  Tracing(const SecretFlow& flow, Report& report) : flow_(flow), report_(report) {}

  void of(const Command& command) {
    const auto& data = command.data();
    if (!data.in_text) inner_.reset();
    std::optional<Trace>& trace = data.in_text ? inner_ : outer_;
    if (trace) look(command, trace);
    const std::string& name = command.name();
    if (name == "set") {
      change(command, trace);
    } else if (shell::is_posix_shell(name) && !data.in_text) {
      start(command);
    }
  }

 private:
  void change(const Command& command, std::optional<Trace>& trace) const {
    const auto arguments = command.arguments();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string text = arguments[i].value().text;
      if (text == "--" || text.empty()) break;
      const auto on = switches(arguments, i);
      if (!on) continue;
      trace.reset();
      if (*on) trace.emplace(Trace{arguments[i], command.name(), off(command, i, true)});
    }
  }

  // `sh -x -c '...'`, whose commands follow.
  void start(const Command& command) {
    const auto arguments = command.arguments();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string text = arguments[i].value().text;
      if (text != "xtrace" && (text.size() < 2 || (text[0] != '-' && text[0] != '+'))) break;
      if (switches(arguments, i) == true) {
        inner_.emplace(Trace{arguments[i], command.name(), off(command, i, false)});
        return;
      }
    }
  }

  static std::vector<Edit> off(const Command& command, std::size_t argument, bool is_set) {
    if (command.arguments()[argument].value().text != "xtrace")
      return without_x(command, argument, is_set);
    // With the -o in front of it.
    if (command.arguments().size() > 2 || !is_set)
      return remove_arguments(command, {argument - 1, argument});
    const auto edit = remove_command(command);
    return edit ? std::vector{*edit} : std::vector<Edit>{};
  }

  void look(const Command& command, std::optional<Trace>& trace) const {
    const auto report = [&](const std::vector<shell::Piece>& pieces) {
      const auto held = flow_.in(pieces);
      if (!held) return false;
      report_
          .at(trace->word,
              fmt::format("{} -x prints each command to the log of the build, and with "
                          "them the value of {}",
                          trace->program, held->name))
          .related(held->span, "the secret is used here")
          .fix(Safety::unsafe, "Do not trace the commands", trace->off);
      trace.reset();
      return true;
    };
    for (const shell::Assignment& assignment : command.data().assignments) {
      if (report(assignment.value.pieces)) return;
    }
    for (const shell::Word& word : command.data().words) {
      if (report(word.pieces)) return;
    }
  }

  const SecretFlow& flow_;
  Report& report_;
  std::optional<Trace> outer_;
  std::optional<Trace> inner_;
};

bool is_run(const Instruction& instruction) {
  return instruction.kind() == Keyword::run;
}

bool mounts_secret(const Instruction& instruction) {
  if (!is_run(instruction)) return false;
  const auto mounts = Run(instruction).mounts("secret");
  return std::ranges::find(mounts, "secret", &Mount::type) != mounts.end();
}

void check(const Document& document, Report& report) {
  const auto& secrets = report.view<SecretVariables>(document);
  const auto runs = secrets.exposed().empty() ? report.instructions<mounts_secret>(document)
                                              : report.instructions<is_run>(document);
  for (const Instruction& run : runs) {
    const SecretFlow flow(secrets, Run(run));
    const auto commands = run.commands();
    Tracing tracing(flow, report);
    for (std::size_t i = 0; i < commands.size(); ++i) {
      tracing.of(commands[i]);
      const auto held = printed(commands[i], flow);
      if (held && is_logged(commands, i)) report_printed(commands[i], *held, report);
    }
  }
}

}  // namespace

extern constinit const Rule secret_printed{
    .id = "secret-printed",
    .title = "Secret printed to the build's log",
    .category = Category::sensitive_data,
    .severity = Severity::warning,
    .why = R"~(
What a `RUN` prints is in the log of the build, and the logs of a CI system are kept for long and read by many.
A secret mount does not help against that: its value is in the log like any other text.

Found are `echo` and `printf` of a secret variable, or of `$(cat /run/secrets/x)`; `cat` and its like of a mounted
secret; `env`, `printenv`, `export` and `set`, which print the whole environment, where a secret is in it; and `set
-x`, `sh -x` and `bash -x` with a command behind it that uses a secret, for they print each command with its values.

It is no print to the log where the output goes into a file or a pipe (`echo "$TOKEN" | docker login
--password-stdin`), unless `tee` and the like end it, or is used by `$(...)`; nor a part of a value
(`${TOKEN:0:4}`).

The fix takes the command, or the `x`, away. It is unsafe, for somebody may look at that output.
)~",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
RUN --mount=type=secret,id=npm,env=NPM_TOKEN echo "token: $NPM_TOKEN" && npm ci
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
