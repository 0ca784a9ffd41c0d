#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/build_log.h"
#include "analysis/rules/command_credentials.h"
#include "analysis/rules/secret_flow.h"
#include "analysis/shell/commands/options.h"
#include "analysis/shell/commands/output.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using Redirection = shell::Redirection;

// These only look at a value, or keep it in the shell.
constexpr std::string_view questions =
    "test [ [[ : true export local readonly declare typeset unset";

// The file that the output of `command` goes to; empty where that is none, or not known.
std::string file_of(const Command& command) {
  for (const Redirection& redirection : command.data().redirections) {
    const bool is_file = redirection.kind == Redirection::Kind::output ||
                         redirection.kind == Redirection::Kind::append;
    if (is_file && (redirection.descriptor == -1 || redirection.descriptor == 1))
      return ShellWord(command.run(), redirection.target).value().text;
  }
  return {};
}

// Where a secret goes that is an argument of `command`.
std::string into(const Command& command, const ShellWord& word) {
  const std::string& name = command.name();
  const std::string file = file_of(command);
  const bool prints = shell::prints_words(name) || name == "cat" || name == "tee";
  if (prints && !file.empty()) return "into the file " + file;
  if (shell::prints_words(name))
    return command.data().in_substitution ? "into a command" : "into a pipe";
  if (word.value().text.find("://") != std::string::npos)
    return "into a URL" + (name.empty() ? "" : " for " + name);
  return name.empty() ? "into a command" : "to " + name;
}

// Reports a RUN once for each secret.
class Uses {
 public:
  Uses(const SecretFlow& flow, Report& report) : flow_(flow), report_(report) {}

  void of(const Commands& commands, std::size_t at) {
    const Command& command = commands[at];
    const std::string& name = command.name();
    const auto& data = command.data();
    const Run run = command.run();
    if (data.words.empty() || is_listed(name, questions)) return;
    // What echo prints to the log, and what logs in, are a matter of the rules on these.
    if (shell::prints_words(name) && is_logged(commands, at)) return;
    const auto credentials = credentials_of(command);
    const auto is_told = [&](Span span) {
      return std::ranges::any_of(
          credentials, [&](const CommandCredential& each) { return each.word.span() == span; });
    };
    for (const shell::Assignment& assignment : data.assignments) {
      const ShellWord word(run, assignment.value);
      if (!is_told(word.span())) add(word, name.empty() ? "into a command" : "to " + name);
    }
    for (const shell::Word& each : data.words) {
      const ShellWord word(run, each);
      if (!is_told(word.span())) add(word, into(command, word));
    }
    for (const Redirection& redirection : data.redirections) {
      const bool is_text = redirection.kind == Redirection::Kind::heredoc ||
                           redirection.kind == Redirection::Kind::herestring;
      const ShellWord word(run, redirection.target);
      if (is_text) add(word, into(command, word));
    }
  }

 private:
  void add(const ShellWord& word, const std::string& into) {
    const auto held = flow_.in(word.pieces());
    if (!held || held->declaration == nullptr) return;
    const SecretVariables::Exposed& declaration = *held->declaration;
    if (!told_.insert(declaration.group).second) return;
    auto finding =
        report_.at(held->span, fmt::format("{}, {}, goes {} here: {}", held->name,
                                           kind_of(declaration), into, trace_of(declaration)));
    if (declaration.exposure == Exposure::dummy) finding.severity(Severity::warning);
    finding.related(declaration.pair, "it is declared here");
    if (auto fix = flow_.secrets().fix(declaration))
      finding.fix(fix->safety, std::move(fix->title), std::move(fix->edits));
  }

  const SecretFlow& flow_;
  Report& report_;
  std::set<std::size_t> told_;  // groups of declarations
};

void check(const Document& document, Report& report) {
  const auto& secrets = report.view<SecretVariables>(document);
  if (secrets.exposed().empty()) return;
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.kind() != Keyword::run) continue;
    const Run run(instruction);
    if (run.script().uses.empty()) continue;
    const SecretFlow flow(secrets, run);
    Uses uses(flow, report);
    const auto commands = run.commands();
    for (std::size_t i = 0; i < commands.size(); ++i) uses.of(commands, i);
  }
}

}  // namespace

extern constinit const Rule secret_arg_in_run{
    .id = "secret-arg-in-run",
    .title = "Secret of ARG or ENV in a RUN",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"trivy:DS-0031", "tally:require-secret-mounts",
                "tally:ruby/prefer-secret-mounts-for-build-credentials"},
    .why = R"(
A `RUN` that takes a secret from `ARG` or `ENV` leaves it behind: in the history beside that `RUN`, in the
arguments of a process that logs and crash reports show, in the file or the URL that it is put into. A secret
mount gives the value to that one `RUN`.

The rules on `ARG` and `ENV` speak at the declaration, this one where the secret is used: once for each `RUN` and
secret, at the first use, followed through the variables of the shell (`T=$NPM_TOKEN; curl -H "Token: $T"`). Who
wants to hear of each secret only once may switch it off, for the fix is the same one.

A question (`[ -n "$NPM_TOKEN" ]`, `${NPM_TOKEN:+--auth}`) is no use, nor is a variable that a secret mount of
that `RUN` sets. What is printed to the log, and what logs in somewhere, have rules
of their own.

The fix removes the declaration and mounts the secret in each `RUN` that reads it. It is unsafe because the
build command changes; the title says how. There is none where something else than a `RUN` needs the value.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM python:3.14-slim
ARG DEPLOY_TOKEN
RUN ./fetch-assets --token "$DEPLOY_TOKEN" --into /srv/assets
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM python:3.14-slim
RUN --mount=type=secret,id=DEPLOY_TOKEN,env=DEPLOY_TOKEN ./fetch-assets --token "$DEPLOY_TOKEN" --into /srv/assets
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
