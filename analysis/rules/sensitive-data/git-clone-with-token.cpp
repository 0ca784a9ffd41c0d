#include "analysis/rule.h"
#include "analysis/rules/secret_values.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

// What git was told to do: "clone"; empty where that is not known.
std::string subcommand(const Command& command) {
  const auto& arguments = command.argument_texts();
  const std::size_t at =
      shell::first_operand(arguments, "cC", "git-dir work-tree namespace exec-path super-prefix");
  return at < arguments.size() ? arguments[at].value_or("") : "";
}

// Where git keeps the URL, or the header; empty where it only uses it.
std::string_view kept_in(std::string_view subcommand) {
  if (is_listed(subcommand, "clone remote submodule")) return "in .git/config";
  if (subcommand == "config") return "in its configuration";
  return {};
}

void check(const Instruction& instruction, Report& report) {
  for (const PlacedSecret& secret : report.view<SecretValues>(instruction).all()) {
    if (secret.place != SecretPlace::git) continue;
    const Command command = instruction.commands()[*secret.command];
    const std::string_view file = kept_in(subcommand(command));
    std::string message = secret.shown;
    if (!secret.definition) {
      message += " stays in the image's history";
      if (!file.empty()) message += ", and git keeps it " + std::string(file);
    } else {
      const bool env = secret.definition->name().instruction().kind() == Keyword::env;
      message += env ? " stays in the image by ENV" : " stays in the image's history by ARG";
      if (!file.empty()) message += ", and git keeps its value " + std::string(file);
    }
    auto finding = report.at(secret.span, std::move(message));
    if (secret.definition) finding.related(*secret.definition, "it gets its value here");
    // What git is to remember for later cannot come from a mount.
    if (file == "in its configuration") continue;
    if (auto fix = netrc_fix(instruction.document(), secret)) {
      finding.fix(fix->safety, std::move(fix->title), std::move(fix->edits));
    }
  }
}

}  // namespace

extern constinit const Rule git_clone_with_token{
    .id = "git-clone-with-token",
    .title = "Token given to git",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"kics-common:passwords_and_secrets", "sonar:S6437"},
    .why = R"(
A token in the URL of `git clone` stays twice: the instruction is in the image's history, and git writes the
URL with the token into `.git/config` of the clone, where everybody who has the image finds it, also when
the token came from a variable. Deleting the folder in a later `RUN` does not take it out of the layer.
`git config url.*.insteadOf` and `http.extraHeader` write it into the configuration in the same way.

**Revoke a token that was written down.** The fix takes it out of the URL and mounts a `.netrc` as a secret,
which git reads: a line `machine github.com login x-access-token password ...`. It is unsafe because the
build has to get the file, `--secret id=netrc,src=$HOME/.netrc`. As good is a key that stays in the agent:
`RUN --mount=type=ssh git clone git@github.com:owner/repository`, where the image has an SSH client and
knows the host's key; or no git at all, `ADD https://github.com/owner/repository.git /src` with the secret
`GIT_AUTH_TOKEN`.

There is no fix for `git config`, which later commands rely on, where the `RUN` runs as a user whose home is
not known, and behind `ONBUILD`.

A variable counts where an `ARG` or `ENV` gives it its value, and it is the password or its name speaks of a
secret: `https://$GIT_USER@example.com` is silent. A token that a `RUN` reads from a secret mount is silent
here, although git keeps that one as well, which another rule tells: use the mount of the fix, or delete `.git` in the
same `RUN`.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM alpine/git
ARG GITHUB_TOKEN
RUN git clone https://x-access-token:$GITHUB_TOKEN@github.com/example/app.git /src
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM alpine/git
ARG GITHUB_TOKEN
RUN --mount=type=secret,id=netrc,target=/root/.netrc git clone https://github.com/example/app.git /src
)",
    .references = {"https://docs.docker.com/build/building/secrets/",
                   "https://git-scm.com/docs/gitcredentials"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
