#include "analysis/rule.h"
#include "analysis/rules/secret_files.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  report_secret_files(stage, report, SecretFile::Concern::removed);
}

}  // namespace

extern constinit const Rule removed_secret_remains{
    .id = "removed-secret-remains",
    .title = "A secret that is deleted too late",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"slim:ID.20021"},
    .why = R"(
Each `COPY`, `ADD` and `RUN` makes a layer, and layers are only ever added. A file that one layer has and a later one
deletes cannot be seen in a container, but is still in the image: `docker save` and a look into the archive bring the
token back. Deleting helps only in the `RUN` that wrote the file.

The rule speaks for files whose names say that they hold credentials or a private key, whether `COPY` brought them or
a `RUN` wrote them; the finding shows where the file gets into a layer, and where it is deleted. It is silent for
samples, and in a build stage that no image is made of.

The fix takes both out, the file and its `rm`, and mounts it at the same path in each `RUN` in between that reads it,
or lets those use the SSH agent where it is a key. It is unsafe because the build has to be given the secret from then
on; its title says how. There is none where it cannot be told which `RUN` needs the file, or where a folder around it
is changed in the same step.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json ./
COPY .npmrc .npmrc
RUN npm ci && rm .npmrc
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
