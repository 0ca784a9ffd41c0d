#include "analysis/rule.h"
#include "analysis/rules/secret_variables.h"

namespace bulkhead::rules {
namespace {

std::string message(const SecretVariables::Exposed& exposed) {
  const std::string name = exposed.pair.name().value().text;
  if (exposed.exposure == Exposure::dummy) {
    return name + " is the same in every container of this image, and no secret to anybody";
  }
  const std::string what =
      exposed.source.empty() ? name : name + " holds the value of " + exposed.source + ", which";
  return what + (exposed.in_image ? " stays in the image for everybody who has it to read"
                                  : " stays in the build's cache");
}

void check(const Document& document, Report& report) {
  const auto& secrets = report.view<SecretVariables>(document);
  for (const SecretVariables::Exposed& exposed : secrets.exposed()) {
    if (exposed.pair.name().instruction().kind() != Keyword::env) continue;
    auto finding = report.at(exposed.pair, message(exposed));
    if (exposed.exposure == Exposure::dummy || !exposed.in_image) {
      finding.severity(Severity::warning);
    }
    for (const Span& read : secrets.reads(exposed)) {
      finding.related(read, "the secret is read here");
    }
    if (auto fix = secrets.fix(exposed)) {
      finding.fix(fix->safety, std::move(fix->title), std::move(fix->edits));
    }
  }
}

}  // namespace

extern constinit const Rule secret_in_env{
    .id = "secret-in-env",
    .title = "Secret in an environment variable of the image",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"hadolint:DL3064", "buildkit:SecretsUsedInArgOrEnv", "trivy:DS-0031", "sonar:S6472",
                "dockle:CIS-DI-0010", "cis:4.10", "kics-common:passwords_and_secrets",
                "tally:ruby/secrets-in-arg-or-env", "owasp:12"},
    .why = R"(
`ENV` is part of the image's configuration: `docker inspect` shows it to everybody who can pull the image,
and every process in the container gets it. A later `ENV` or `unset` hides the value and does not remove
it.

A secret that the program needs belongs to the place where it runs: `docker run -e NAME`, `secrets:` in
Compose, a Secret in Kubernetes, or a file that `NAME_FILE` points to where the image knows that form. A
secret that a `RUN` needs is mounted into that `RUN` alone.

The fix removes the variable, together with an `ARG` that feeds it. Where a `RUN` names it, that one gets a
secret mount, with the variable as before, or as a file where the `RUN` took its value for a path;
otherwise, and where `CMD`, `ENTRYPOINT` or `HEALTHCHECK` name it as well, it is taken for one that is needed
at run time, and a comment stays that says how to give it. The fix is unsafe because the secret has to be
given in another way from then on. There is none where the secret is a part of a longer value, or where
something else than a `RUN` needs it.

The rule goes by names, and through `ARG` and `ENV` that hand a secret on. Silent are names that only look
like it (`PASSWORD_FILE`, `TOKEN_URL`), empty values, paths, addresses without a password, references to
what only the base image knows, switches and numbers. A value that merely stands for a secret (`changeme`)
is a warning, for an image that starts with a known password is a weak one; and so is a variable in a
stage that is not delivered. Names that may mean anything (`KEY`, `AUTH`) count only with a value that
looks like a secret, where BuildKit's own check goes by the name alone. Behind `VITE_`, `REACT_APP_`, `NEXT_PUBLIC_`
and the like, whose values bundlers put into pages, keys and tokens are taken to be public; passwords, secrets and the
keys of some services (`VITE_OPENAI_API_KEY`) are not, and have no fix, for the page would have them all the same.
)",
    .bad = R"(
FROM python:3.14-slim
COPY app.py /app/
ENV APP_MODE=production API_TOKEN=hunter2-example
CMD ["python", "/app/app.py"]
)",
    .good = R"(
FROM python:3.14-slim
COPY app.py /app/
# Give API_TOKEN at run time: docker run -e API_TOKEN, secrets: of Compose, a Kubernetes Secret
ENV APP_MODE=production
CMD ["python", "/app/app.py"]
)",
    .references = {"https://docs.docker.com/build/building/secrets/",
                   "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
