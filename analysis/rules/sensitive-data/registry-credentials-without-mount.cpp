#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/facts/registry_variables.h"
#include "analysis/rule.h"
#include "analysis/rules/secret_flow.h"
#include "analysis/shell/commands/package_managers.h"
#include "analysis/shell/commands/packages.h"

namespace bulkhead::rules {
namespace {

// Whether a package manager fetches something, as far as that is known of it.
bool fetches(const Command& command, const std::string& name) {
  if (shell::find_package_manager(name) == nullptr) return true;  // mvn, gradle: nearly always
  using Action = shell::PackageCall::Action;
  const shell::PackageCall* call = command.package_call();
  return call && (call->action == Action::install || call->action == Action::download ||
                  call->action == Action::upgrade);
}

bool names(const Run& run, std::string_view variable) {
  return std::ranges::any_of(run.script().uses,
                             [&](const shell::VariableUse& use) { return use.name == variable; });
}

// Whether a file with a secret is mounted, which may be what the program needs.
bool mounts_file(const Run& run) {
  return std::ranges::any_of(run.mounts(), [](const Mount& mount) {
    return mount.type() == "secret" && !mount.get("env");
  });
}

// The secret of ARG or ENV in which `program` looks for credentials.
const SecretVariables::Exposed* credentials_of(const std::string& program, const Run& run,
                                               const SecretFlow& flow) {
  constexpr std::size_t most_looked_at = 64;
  std::size_t looked_at = 0;
  for (const SecretVariables::Exposed& exposed : flow.secrets().exposed()) {
    if (++looked_at > most_looked_at) break;
    const std::string name = exposed.pair.name().value().text;
    if (exposed.exposure != Exposure::secret || !facts::is_registry_variable(program, name))
      continue;
    const auto held = flow.variable(name);
    if (held && held->declaration != nullptr && !names(run, name)) return held->declaration;
  }
  return nullptr;
}

void check(const Document& document, Report& report) {
  const auto& secrets = report.view<SecretVariables>(document);
  if (secrets.exposed().empty()) return;
  std::set<std::pair<std::size_t, std::string>> told;  // group and program
  for (const Stage& stage : document.stages()) {
    for (const Run& run : stage.all<Run>()) {
      if (mounts_file(run)) continue;
      const SecretFlow flow(secrets, run);
      for (const Command& command : run.commands()) {
        const std::string& name = command.name();
        if (name.empty()) continue;
        const auto* secret = credentials_of(name, run, flow);
        if (secret == nullptr || !fetches(command, name)) continue;
        if (!told.emplace(secret->group, name).second) continue;
        auto finding =
            report.at(command, fmt::format("{} finds the credentials of its registry in {}, {}: {}",
                                           name, secret->pair.name().value().text, kind_of(*secret),
                                           trace_of(*secret)));
        finding.related(secret->pair, "it is declared here");
        if (auto fix = secrets.fix(*secret))
          finding.fix(fix->safety, std::move(fix->title), std::move(fix->edits));
      }
    }
  }
}

}  // namespace

extern constinit const Rule registry_credentials_without_mount{
    .id = "registry-credentials-without-mount",
    .title = "Credentials of a registry without a secret mount",
    .category = Category::sensitive_data,
    .severity = Severity::warning,
    .aliases = {"tally:require-secret-mounts"},
    .why = R"(
Package managers take the credentials of a private registry from the environment: `npm` the `NPM_TOKEN` that an
`.npmrc` names, `bundle` its `BUNDLE_...`, `composer` its `COMPOSER_AUTH`. Where `ARG` or `ENV` puts them there,
they stay in the history or in the image. A secret mount is there for the one `RUN` that installs.

The rule speaks at the first call of a package manager that fetches packages with such a variable in force, in a
`RUN` into which no secret is mounted for it, and that does not name the variable itself; where it does, that use is reported.
Credentials in files (`.npmrc`, `.netrc`, `settings.xml`) have rules of their own. It goes by the variables that are known for each tool, so it is silent where nothing
shows where credentials come from.

The fix removes the declaration and mounts the secret in each `RUN` that may read it. It is unsafe because the
build command changes; the title says how.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json ./
ARG NPM_TOKEN
RUN npm ci
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
