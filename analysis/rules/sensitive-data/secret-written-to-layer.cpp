#include "analysis/rule.h"
#include "analysis/rules/secret_files.h"

namespace bulkhead::rules {
namespace {

void check(const Document& document, Report& report) {
  report_secret_files(document, report, SecretFile::Concern::written);
}

}  // namespace

extern constinit const Rule secret_written_to_layer{
    .id = "secret-written-to-layer",
    .title = "A RUN writes credentials into a layer",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"tally:require-secret-mounts"},
    .why = R"(
A token that a `RUN` prints into `~/.npmrc`, `~/.netrc` or `settings.xml` is in its layer when the step is done, for
everybody who can pull the image; and the variable it came from is in the build's history besides.

The rule looks at files whose names say that they hold credentials, written by a `RUN` or by a heredoc of `COPY`, with
what looks like a secret: a variable that is named as one, or a key such as `_authToken` with a value. It is silent
where the value is a reference that the program resolves later (`_authToken=${NPM_TOKEN}` in single quotes), where the
same `RUN` deletes the file, where it lies in a mount, and in a build stage of which nothing that has it gets into an
image. It is a warning where it happens only sometimes.

The fix takes the command out and mounts the file at the same path in each `RUN` that reads it, itself among them. It
is unsafe because whoever builds has to keep such a file and give it to the build; the title says how. There is none
where the command cannot go without others, or no `RUN` reads the file.
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
    .checks = each<check>,
};

}  // namespace bulkhead::rules
