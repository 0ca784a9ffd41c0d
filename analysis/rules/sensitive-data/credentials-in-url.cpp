#include "analysis/rule.h"
#include "analysis/rules/secret_values.h"

namespace bulkhead::rules {
namespace {

std::string message(const PlacedSecret& secret) {
  const std::string url = "the URL of " + secret.host;
  if (!secret.definition) {
    return secret.shown + " stands in " + url + ", which " +
           (secret.instruction ? "the image's history keeps" : "everybody who gets this file has");
  }
  const bool env = secret.definition->name().instruction().kind() == Keyword::env;
  return "The login in " + url + " comes from " + secret.shown +
         (env ? ", which ENV keeps in the image"
              : ", a build argument that the image's history keeps");
}

void check_instruction(const Instruction& instruction, Report& report) {
  for (const PlacedSecret& secret : report.view<SecretValues>(instruction).all()) {
    if (secret.place != SecretPlace::url) continue;
    auto finding = report.at(secret.span, message(secret));
    if (secret.definition) finding.related(*secret.definition, "it gets its value here");
    if (auto fix = netrc_fix(instruction.document(), secret)) {
      finding.fix(fix->safety, std::move(fix->title), std::move(fix->edits));
    }
  }
}

void check_comments(const Document& document, Report& report) {
  for (const PlacedSecret& secret : report.view<CommentSecrets>(document).all()) {
    if (secret.place == SecretPlace::url) report.at(secret.span, message(secret));
  }
}

}  // namespace

extern constinit const Rule credentials_in_url{
    .id = "credentials-in-url",
    .title = "Login in a URL",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"kics-common:passwords_and_secrets", "sonar:S6437"},
    .why = R"(
A URL such as `https://user:password@example.com/` is copied around as if it were public: programs print it
in their output and error messages, proxies and servers log it, tools keep it in their configuration
(`pip.conf`, `package-lock.json`, the lists of apt). In a Dockerfile it is in the image's history as well,
and the same holds for one that an `ARG` or `ENV` completes, as in `https://user:$TOKEN@example.com/`.

**Revoke what was written down.** The fix takes user and password out of the URL of `curl`, GNU `wget`,
`pip`, `uv` and `git`, which all read `~/.netrc`, and mounts that file as a secret: it holds a line
`machine example.com login user password ...`. It is unsafe because the build has to get the file,
`--secret id=netrc,src=$HOME/.netrc`. A variable that is no longer read stays for the rule on those.

There is no fix where the program is another one, where the `RUN` runs as a user whose home is not known,
behind `ONBUILD`, and outside of `RUN`: `ADD` takes the login for git repositories from the secret
`GIT_AUTH_TOKEN`, apt reads `/etc/apt/auth.conf.d`, npm and bundler have variables of their own. The address
of a database with its password belongs to where the container runs.

Silent are logins without a secret (`git@github.com`, `https://$USER@example.com`), what merely stands for
one (`user:password@`), and values that only the shell knows (`$(cat /run/secrets/token)`). A URL that is
given to git is reported by the rule on that.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM python:3.14-slim
RUN pip install --no-cache-dir --index-url https://build:not-a-real-one@pypi.example.com/simple app==1.0
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM python:3.14-slim
RUN --mount=type=secret,id=netrc,target=/root/.netrc pip install --no-cache-dir --index-url https://pypi.example.com/simple app==1.0
)",
    .references = {"https://docs.docker.com/build/building/secrets/",
                   "https://everything.curl.dev/usingcurl/netrc.html"},
    .checks = each<check_instruction, check_comments>,
};

}  // namespace bulkhead::rules
