#include "analysis/rule.h"
#include "analysis/rules/secret_variables.h"

namespace bulkhead::rules {
namespace {

void check(const Document& document, Report& report) {
  const auto& secrets = report.view<SecretVariables>(document);
  for (const SecretVariables::Exposed& exposed : secrets.exposed()) {
    if (exposed.pair.name().instruction().kind() != Keyword::arg) continue;
    const std::string name = exposed.pair.name().value().text;
    auto finding =
        report.at(exposed.pair.name(),
                  name + " is a build argument: its value stays in the build's provenance and " +
                      (exposed.in_image ? "the image's history" : "cache"));
    if (exposed.exposure == Exposure::dummy) finding.severity(Severity::warning);
    for (const Span& read : secrets.reads(exposed)) {
      finding.related(read, "the secret is read here");
    }
    if (auto fix = secrets.fix(exposed)) {
      finding.fix(fix->safety, std::move(fix->title), std::move(fix->edits));
    }
  }
}

}  // namespace

extern constinit const Rule secret_in_arg{
    .id = "secret-in-arg",
    .title = "Secret in a build argument",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"hadolint:DL3064", "buildkit:SecretsUsedInArgOrEnv", "trivy:DS-0031",
                "semgrep:secret-in-build-arg", "sonar:S6472", "cis:4.10",
                "tally:ruby/secrets-in-arg-or-env", "owasp:12"},
    .why = R"(
The value of a build argument is written down: in the image's history, beside each `RUN` that could have
read it (`docker history --no-trunc` shows it), in the provenance that is published with the image, and
in the build's cache. Everybody who can pull the image has the secret.

A secret mount gives the value to one `RUN` and leaves nothing behind. The fix removes each `ARG` of that
name, and each `ENV` that only hands it on, and mounts the secret where a `RUN` names it; where none
does, where a program may look for it in the environment. It is unsafe because the build command changes:
`--build-arg NAME` becomes `--secret id=NAME,env=NAME`.

There is no fix where something else than a `RUN` needs the value (`FROM`, `COPY`, `LABEL`, a longer value
made of it), for that cannot take a mount; behind `ONBUILD`, which is for the builds of others; and in
Windows images, which know no secret mounts.

Names tell what is a secret. Those that only look like it (`TOKEN_URL`, `PASSWORD_FILE`, `GPG_KEY`) and
switches (`ARG WITH_TOKEN=true`) are silent, and names that may mean anything (`KEY`, `AUTH`, `PIN`) count
only with a value that looks like a secret, where BuildKit's own check goes by the name alone. A default
that stands for a secret (`changeme`) makes it a warning, without a fix, for the build may need it. What bundlers
put into pages (`VITE_`, `REACT_APP_`, `NEXT_PUBLIC_`) counts only where the rest of the name is a password, a secret or
the key of a known service; there is no fix, for no mount keeps it out of the page.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
WORKDIR /app
COPY package.json .
ARG NPM_TOKEN
RUN npm config set //npm.example.com/:_authToken=$NPM_TOKEN && npm install
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
WORKDIR /app
COPY package.json .
RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm config set //npm.example.com/:_authToken=$NPM_TOKEN && npm install
)",
    .references = {"https://docs.docker.com/build/building/secrets/",
                   "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
