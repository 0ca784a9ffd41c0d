#include "analysis/rule.h"
#include "analysis/rules/secret_values.h"

namespace bulkhead::rules {
namespace {

void check(const Instruction& instruction, Report& report) {
  for (const PlacedSecret& secret : report.view<SecretValues>(instruction).all()) {
    if (secret.place != SecretPlace::other) continue;
    report.at(secret.span, secret.shown + " stands in this file, and stays in the image's history");
  }
}

}  // namespace

extern constinit const Rule hardcoded_secret{
    .id = "hardcoded-secret",
    .title = "Secret written into the Dockerfile",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"tally:secrets-in-code", "kics-common:passwords_and_secrets", "sonar:S6437",
                "cis:4.10", "dockle:CIS-DI-0010", "trivy:DS-0031"},
    .why = R"(
A secret in a Dockerfile is in the repository with all its clones and forks, in the history of the image
(`docker history --no-trunc` prints each instruction) and in the build's cache. Deleting the line changes
nothing of that: whoever had the file still has the secret.

So the first thing to do is to **revoke it** and make a new one. Then give the new one to the `RUN` that
needs it as a secret mount, `RUN --mount=type=secret,id=token,env=TOKEN`, or to the container when it is
started. There is no fix, for no edit makes a secret secret again.

The rule goes by looks: some 240 formats of tokens and keys of services, private keys, and places where
only a password can stand, such as `machine example.com password x` for a `.netrc`. Quotes, escapes and continuations do not hide
it. What merely stands for a secret (`changeme`, `<token>`, `xxxx`, `$TOKEN`) is none. Messages show the
first three characters at most, and never a short secret.

One secret is reported once, by the rule that says most of it: for a variable whose name speaks of a secret
that is the rule on `ENV` or `ARG`, then come those on git, on other URLs, on arguments of commands, on heredocs
and on metadata, and all that is left is reported here.

Ignore it where the value opens nothing: a key made for tests, or one that is public by design.
)",
    .bad = R"(
FROM alpine:3.24
RUN echo "machine example.com login build password not-a-real-one" > /root/.netrc && app-install && rm /root/.netrc
)",
    .good = R"(
FROM alpine:3.24
RUN --mount=type=secret,id=netrc,target=/root/.netrc app-install
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
