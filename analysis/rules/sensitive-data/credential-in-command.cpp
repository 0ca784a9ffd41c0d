#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/secrets.h"
#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/command_credentials.h"
#include "analysis/rules/secret_flow.h"
#include "analysis/rules/secret_values.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using facts::ValueKind;

// How grave it is that the credential stands there; none where it is no secret.
std::optional<Severity> severity_of(const CommandCredential& credential, std::string_view text) {
  constexpr std::size_t shortest = 3;  // "x" protects nothing
  if (text.size() < shortest || is_listed(text, credential.known)) return std::nullopt;
  switch (facts::value_kind(text)) {
    case ValueKind::empty:
    case ValueKind::reference:
      return std::nullopt;
    case ValueKind::dummy:
    case ValueKind::known:
      return Severity::warning;
    case ValueKind::plain:
      // 123456 is a password, but no token.
      return credential.what == "password" && std::ranges::all_of(text, is_digit)
                 ? std::optional(Severity::error)
                 : std::nullopt;
    case ValueKind::literal:
      break;
  }
  return Severity::error;
}

// A build argument that is used as a credential, whatever its name says.
std::optional<Pair> argument_in(const CommandCredential& credential, std::string_view text) {
  const Instruction& run = credential.word.instruction();
  for (const std::string& name : credential.word.value().variables) {
    if (text.find("${" + name + "}") == std::string_view::npos) continue;
    const auto definition = run.definition(name);
    if (definition && definition->name().instruction().kind() == Keyword::arg) return definition;
  }
  return std::nullopt;
}

std::string_view kept(const CommandCredential& credential) {
  return credential.keeps ? " and keeps it in a file of the layer" : "";
}

bool has_secret(const Run& run, std::string_view id) {
  return std::ranges::any_of(run.mounts(), [&](const Mount& mount) {
    return mount.type() == "secret" && mount.get("id") == id;
  });
}

// Puts what a mounted file says in place of the text. None where quotes and the like may change what that
// means.
std::vector<Edit> mounted(const CommandCredential& credential, const Command& command,
                          std::string_view text, std::string_view part) {
  const Run run = command.run();
  const auto& pieces = credential.word.pieces();
  const bool is_plain = credential.own_word && pieces.size() == 1 &&
                        pieces[0].kind == shell::Piece::Kind::literal && !run.is_json() &&
                        !command.data().in_text && !run.is_trigger();
  const std::string_view before = text.substr(0, text.size() - part.size());
  // Only root reads what is mounted.
  if (!is_plain || user_of_step(run).kind == StepUser::Kind::other ||
      before.find_first_of("\"\\$`!") != std::string_view::npos ||
      has_secret(run, credential.secret))
    return {};
  std::vector<Edit> edits{
      replace(credential.word.span(),
              fmt::format("\"{}$(cat /run/secrets/{})\"", before, credential.secret)),
      add_flag(run, fmt::format("--mount=type=secret,id={}", credential.secret))};
  return require_syntax(run.document(), 2, edits) ? edits : std::vector<Edit>();
}

// Whether another rule speaks of the value, by what it looks like and where it stands.
bool is_told_by_others(const CommandCredential& credential, const Report& report) {
  const auto& secrets = report.view<SecretValues>(credential.word.instruction()).all();
  return std::ranges::any_of(secrets, [&](const PlacedSecret& secret) {
    return secret.place != SecretPlace::argument && credential.word.span().covers(secret.span);
  });
}

void tell_of_variable(const CommandCredential& credential, const HeldSecret& held,
                      const SecretVariables& secrets, Report& report) {
  auto finding = report.at(credential.word,
                           fmt::format("{} is given the {} {}{}; it is {}: {}", credential.call,
                                       credential.what, held.name, kept(credential),
                                       kind_of(*held.declaration), trace_of(*held.declaration)));
  if (held.declaration->exposure == Exposure::dummy) finding.severity(Severity::warning);
  finding.related(held.declaration->pair, "it is declared here");
  if (auto fix = secrets.fix(*held.declaration))
    finding.fix(fix->safety, std::move(fix->title), std::move(fix->edits));
}

void tell_of_value(const Command& command, const CommandCredential& credential, bool is_only,
                   Report& report) {
  const std::string& call = credential.call;
  const Value value = credential.word.value();
  const auto part = credential.part(value.text);
  if (!part) return;
  if (const auto argument = argument_in(credential, *part)) {
    report
        .at(credential.word,
            fmt::format("{} is given a {} in {}{}; it is a build argument: its value stays in the "
                        "build's history",
                        call, credential.what, argument->name().value().text, kept(credential)))
        .related(*argument, "it is declared here");
    return;
  }
  const auto severity = value.known ? severity_of(credential, *part) : std::nullopt;
  if (!severity || is_told_by_others(credential, report)) return;
  auto finding = report.at(
      credential.word, fmt::format("{} is given a {}{}; it stands here and in the build's history",
                                   call, credential.what, kept(credential)));
  finding.severity(*severity);
  if (is_only && !credential.keeps)
    finding.fix(Safety::unsafe,
                fmt::format("Read it from a secret mount; build with --secret id={},src=PATH",
                            credential.secret),
                mounted(credential, command, value.text, *part));
}

using Given = std::vector<std::pair<Command, CommandCredential>>;

Given given_in(const Run& run) {
  Given found;
  for (const Command& command : run.commands()) {
    for (CommandCredential& credential : credentials_of(command))
      found.emplace_back(command, std::move(credential));
  }
  return found;
}

void check_values(const Run& run, Report& report) {
  const Given given = given_in(run);
  if (given.empty()) return;
  const SecretFlow flow(report.view<SecretVariables>(run.document()), run);
  for (const auto& [command, credential] : given) {
    if (flow.in(credential.word.pieces())) continue;
    // Two secrets of one RUN cannot have one name.
    const auto same = std::ranges::count_if(
        given, [&](const auto& other) { return other.second.secret == credential.secret; });
    tell_of_value(command, credential, same == 1, report);
  }
}

// A secret of ARG or ENV is moved with all that reads it, wherever that is.
void check_variables(const Document& document, Report& report) {
  const auto& secrets = report.view<SecretVariables>(document);
  if (secrets.exposed().empty()) return;
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.kind() != Keyword::run) continue;
    const Run run(instruction);
    const SecretFlow flow(secrets, run);
    for (const auto& [command, credential] : given_in(run)) {
      const auto held = flow.in(credential.word.pieces());
      if (held && held->declaration) tell_of_variable(credential, *held, secrets, report);
    }
  }
}

}  // namespace

extern constinit const Rule credential_in_command{
    .id = "credential-in-command",
    .title = "Password or token on a command line",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"trivy:DS-0031", "sonar:S6437"},
    .why = R"(
What stands in a `RUN` is in the image's history: `docker history --no-trunc` shows it to everybody who can pull
the image, and the Dockerfile to everybody who can read the repository. Programs that log in (`docker login`,
`npm config set`, `aws configure set`) also keep what they were given in a file of the layer, be it that a later
one deletes it.

Found are the options, operands and variables by which some sixty programs take a password, a token or a
passphrase, with a value that stands here, or that comes from `ARG` or `ENV`: of secret names, and of a build
argument under any name. The rule is silent where the value comes from a secret mount (`$(cat /run/secrets/x)`,
a variable of `env=`, `--password-stdin`), from the output of another command, or from where nobody can tell;
where it is the default that everybody knows (`changeit` of Java's keystores), or no more than two characters.
What merely stands for a password (`changeme`) is a warning. Passwords in URLs have a
rule of their own.

The fix puts `$(cat /run/secrets/...)` in place of the text and mounts that secret; where a variable feeds it,
it moves that one into a mount. It is unsafe because whoever builds has to give the secret; the title says how.
There is none for a text that the program keeps in a file, as `docker login` does, for it would keep what is
mounted as well: mount that file instead. And change the password, for it is known.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM alpine:3.24
RUN apk add --no-cache mysql-client && mysqldump -h db.example.com -u app -phunter2-example app > /schema.sql
)",
    .good = R"~(
# syntax=docker/dockerfile:1
FROM alpine:3.24
RUN --mount=type=secret,id=mysql_password apk add --no-cache mysql-client && mysqldump -h db.example.com -u app "-p$(cat /run/secrets/mysql_password)" app > /schema.sql
)~",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check_values, check_variables>,
};

}  // namespace bulkhead::rules
