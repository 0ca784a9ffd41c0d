#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "analysis/facts/secrets.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/mounted_secrets.h"
#include "analysis/rules/secret_files.h"
#include "analysis/shell/commands/credentials.h"

namespace bulkhead::rules {
namespace {

// Whether the same RUN takes it back: it deletes the file, or lets the program forget.
bool is_taken_back(const Timeline& timeline, const Commands& commands, std::size_t at,
                   std::string_view file) {
  const Command& own = commands[at];
  for (std::size_t i = at + 1; i < commands.size(); ++i) {
    const bool forgets =
        commands[i].name() == own.name() &&
        shell::forgets_credential(commands[i].name(), commands[i].argument_texts());
    if (forgets && !commands[i].conditional()) return true;
    const auto [first, last] = timeline.of(commands[i]);
    for (std::size_t index = first; index < last; ++index) {
      const Effect& effect = timeline.effects()[index];
      const auto* deleted = effect.as<FileEffect>();
      if (deleted == nullptr || deleted->kind != FileEffect::Kind::deletes) continue;
      const std::string_view top = file.substr(0, file.find('/'));
      const std::string_view path = deleted->path.text;
      if (path.ends_with(file) || (deleted->recursive && file_name(path) == top)) return true;
    }
  }
  return false;
}

// What a program keeps that it was told to log in with.
void check_kept(const Stage& stage, Report& report) {
  if (!stage.is_delivered()) return;
  const Timeline& timeline = stage.effects();
  for (const Run& run : stage.all<Run>()) {
    const auto commands = run.commands();
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Command& command = commands[i];
      if (!shell::may_keep_credential(command.name())) continue;
      std::vector<shell::Argument> texts;  // with "${NAME}" for what is not known
      for (const ShellWord& word : command.arguments()) texts.emplace_back(word.value().text);
      const auto kept = shell::keeps_credential(command.name(), texts);
      if (!kept || is_taken_back(timeline, commands, i, kept->file)) continue;
      const bool is_secret = std::ranges::any_of(run.script().uses, [&](const auto& use) {
        return command.span().covers(run.at(use.span)) && facts::secret_name(use.name).is_secret();
      });
      const bool is_mounted = mounted_secret_in(run, command.span()).has_value();
      if (!kept->certain && !is_secret && !is_mounted) continue;
      auto finding =
          report.at(command.span(),
                    fmt::format("{} keeps the secret in ~/{}, and so in this layer of the image",
                                command.name(), kept->file));
      if (command.conditional()) finding.severity(Severity::warning);
    }
  }
}

void check(const Stage& stage, Report& report) {
  report_secret_files(stage, report, SecretFile::Concern::written);
}

}  // namespace

extern constinit const Rule secret_written_to_layer{
    .id = "secret-written-to-layer",
    .title = "A RUN writes credentials into a layer",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"trivy:DS-0031", "tally:require-secret-mounts"},
    .why = R"(
A token that a `RUN` prints into `~/.npmrc`, `~/.netrc` or `settings.xml` is in its layer when the step is done, for
everybody who can pull the image; and the variable it came from is in the build's history besides.

The rule looks at files whose names say that they hold credentials, written by a `RUN` or by a heredoc of `COPY`, with
what looks like a secret: a variable that is named as one, or a key such as `_authToken` with a value. It also knows
programs that keep what they are given: `npm config set`, `git config ... insteadOf`, `docker login`, `aws configure
set`. It is silent where the value is a reference that the program resolves later (`_authToken=${NPM_TOKEN}` in single quotes), where the
same `RUN` deletes the file or logs out, where it lies in a mount, and in a build stage of which nothing that has it gets into an
image. It is a warning where it happens only sometimes.

The fix takes the command out and mounts the file at the same path in each `RUN` that reads it, itself among them. It
is unsafe because whoever builds has to keep such a file and give it to the build; the title says how. There is none
where the command cannot go without others, where a program keeps the secret, or no `RUN` reads the file.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM python:3.14-slim
ARG INDEX_PASSWORD
RUN echo "machine pypi.example.com login build password $INDEX_PASSWORD" > /root/.netrc && pip install --index-url https://pypi.example.com/simple app==1.2
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM python:3.14-slim
ARG INDEX_PASSWORD
RUN --mount=type=secret,id=netrc,target=/root/.netrc pip install --index-url https://pypi.example.com/simple app==1.2
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check, check_kept>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
