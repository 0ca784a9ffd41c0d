#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"
#include "analysis/rules/named_leaks.h"
#include "analysis/rules/secret_files.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  report_secret_files(stage, report, SecretFile::Concern::copied);
}

// In folders that are copied by their names.
void check_context(const Document& document, Report& report) {
  const auto& context = report.context().build;
  if (!context) return;
  const auto& copies = report.view<ContextCopies>(document);
  const DockerIgnore ignore(context->ignore_file ? context->ignore_file->text : std::string_view());
  report_named_leaks(
      document, report, [&](const BuildContext::Entry& entry, const facts::SensitiveFile& file) {
        return !copies.names(entry.path) && may_hold_secret(entry, file, *context, ignore);
      });
}

}  // namespace

extern constinit const Rule secret_file_copied{
    .id = "secret-file-copied",
    .title = "A file with credentials is copied into the image",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"trivy:DS-0031", "dockle:CIS-DI-0010", "cis:4.10"},
    .why = R"(
What `COPY` and `ADD` bring lies in a layer, which everybody can unpack who can pull the image: the token in
`.npmrc`, the password in `.netrc`, the private key of a server. No later instruction takes it back.

Names tell what such a file is. A name that always means credentials is an error; one that often does
(`settings.xml`, `pip.conf`, `auth.json`) and a variant of `.env` are warnings; a mere ending (`*.pem`, `*.env`) is an
`info`. A pattern counts for what it is there for: `.env*` for `.env`, unless that is ignored. A variable such as
`GOOGLE_APPLICATION_CREDENTIALS` tells it as well: the file that it names is an error where it is copied, and a warning
where it lies in a folder that is copied by name; neither has a fix. Silent are public halves (`*.pub`, `ca.pem`,
`known_hosts`, `authorized_keys`) and keys of repositories (in `/etc/apt/keyrings` and the like, or handed to
`apt-key add`, `rpm --import`, `gpg --dearmor`), samples and files for tests (`.env.example`, `tests/server.key`), and a
stage of which nothing that has the file gets into an image: a build stage may copy what it needs, as long as the last
stage takes only results from it. Ignore the finding where the file holds settings and no secret.

Where a folder is copied by name into an image, the rule also speaks of such files in it that are not ignored:
a warning, or an `info` where the name alone says little. The fix keeps them out by the ignore file.

The fix takes the file out and mounts it at the same path in each `RUN` that reads it: one that calls the program
that the file is for, or names it. It is unsafe because the build has to be given the file from then on; its
title says how. There is none where no `RUN` reads the file: what the program needs while it runs belongs to the
place where it runs (`docker run`, `secrets:` in Compose, a Secret in Kubernetes). Nor is there one for folders,
behind `ONBUILD`, for a user whose number is not known, who could not read the mount, and where such a `RUN` writes
to the file (`npm config set`, `docker login`, `echo ... >> .npmrc`): a mount is for reading.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check, check_context>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
