#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  report_unpinned(command, report, "npm yarn pnpm bun");
}

}  // namespace

extern constinit const Rule unpinned_npm_package{
    .id = "unpinned-npm-package",
    .title = "npm package without a version",
    .category = Category::reproducibility,
    .severity = Severity::info,
    .aliases = {"hadolint:DL3016", "kics:npm_install_without_pinned_version"},
    .why = R"(
A package that is named without a version, or with a tag such as `latest`, is fetched as its author last published
it, with the newest of everything that it depends on, and runs scripts while it is installed. Packages of npm
have been taken over more than once; who had named a version did not get those releases.

For a tool: `npm install -g typescript@5.9.3`. For what the program needs: a `package-lock.json` and `npm ci`,
which checks a hash of each package as well.

A Git repository (`user/repo`, `git+https://...`) without `#` and a commit or a tag comes as its main branch is on
that day.

A range such as `@^5.9` is no finding, nor are folders and archives. There is no fix: the registry would have to be
asked.
)",
    .bad = R"(
FROM node:26-slim
RUN npm install -g pm2
)",
    .good = R"(
FROM node:26-slim
RUN npm install -g pm2@6.0.13
)",
    .references = {"https://docs.npmjs.com/cli/commands/npm-ci",
                   "https://docs.npmjs.com/about-semantic-versioning"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
