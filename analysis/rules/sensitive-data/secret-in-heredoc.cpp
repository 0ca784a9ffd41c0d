#include "analysis/rule.h"
#include "analysis/rules/secret_values.h"

namespace bulkhead::rules {
namespace {

void check(const Instruction& instruction, Report& report) {
  for (const PlacedSecret& secret : report.view<SecretValues>(instruction).all()) {
    if (secret.place != SecretPlace::heredoc) continue;
    const bool is_script = instruction.kind() == Keyword::run;
    report.at(secret.span,
              secret.shown + (is_script ? " stands in this heredoc, which the image's history keeps"
                                        : " becomes part of the file that this heredoc makes"));
  }
}

}  // namespace

extern constinit const Rule secret_in_heredoc{
    .id = "secret-in-heredoc",
    .title = "Secret in a heredoc",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"tally:secrets-in-code"},
    .why = R"(
A heredoc of `COPY` or `ADD` becomes a file of the image, readable by everybody who can pull it; one of
`RUN` stays in the image's history, and what the script writes with it stays in the layer. And the
Dockerfile itself has the secret, with all copies of the repository.

**Revoke the secret**, for it has been readable. Let the heredoc hold what is not secret, and the program
read the rest where it runs: from a file in `/run/secrets`, or from the environment. What the build itself
needs belongs into a secret mount, `RUN --mount=type=secret,id=settings,target=/root/.m2/settings.xml`.
There is no fix, for which of these is right depends on who reads the file.

What merely stands for a secret (`changeme`, `${TOKEN}`) is none. A login in a URL is reported by the rule
on those.
)",
    .bad = R"(
FROM node:26-slim
COPY <<EOF /app/.npmrc
//npm.example.com/:_authToken=not-a-real-one
EOF
)",
    .good = R"(
FROM node:26-slim
COPY <<EOF /app/.npmrc
//npm.example.com/:_authToken=\${NPM_TOKEN}
EOF
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
