#include <fmt/format.h>

#include <algorithm>

#include "analysis/rule.h"
#include "analysis/shell/commands/options.h"
#include "analysis/shell/commands/packages.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using Setting = shell::PackageCall::Setting;

// The environment, or an earlier `npm config set ignore-scripts true`, has said so.
bool is_switched_off(const Command& command, std::string_view manager) {
  const auto says = [&](std::string_view variable, std::string_view value) {
    const auto known = command.run().variable(variable);
    return known && known->text == value;
  };
  const auto commands = command.run().commands();
  return says("NPM_CONFIG_IGNORE_SCRIPTS", "true") || says("npm_config_ignore_scripts", "true") ||
         (manager == "yarn" && says("YARN_ENABLE_SCRIPTS", "false")) ||
         std::ranges::any_of(commands, [](const Command& other) {
           const auto& texts = other.argument_texts();
           return std::ranges::count(texts, "ignore-scripts") > 0 &&
                  std::ranges::count(texts, "config") > 0;
         });
}

void check(const Command& command, Report& report) {
  const auto& texts = command.argument_texts();
  const shell::PackageCall* call = command.package_call();
  if (!call || !is_listed(call->manager, "npm yarn pnpm")) return;
  if (call->action != shell::PackageCall::Action::install || call->has(Setting::no_scripts)) return;
  if (is_switched_off(command, call->manager)) return;
  // Yarn from version 2 on has another option; this is one that only it knows.
  const bool is_berry = call->manager == "yarn" && std::ranges::count(texts, "--immutable") > 0;
  const std::string_view option = is_berry ? "--mode=skip-build" : "--ignore-scripts";
  if (std::ranges::count(texts, "--mode=skip-build") > 0) return;
  // `yarn` alone installs as well.
  const auto words = command.arguments();
  const bool is_bare = call->subcommand >= words.size();
  const Span place{command.span().begin,
                   is_bare ? command.span().end : words[call->subcommand].span().end};
  auto finding = report.at(
      place, fmt::format("{} runs code of the packages while it installs them", call->manager));
  // `yarn workspaces focus` has no such option.
  if (!is_bare && texts[call->subcommand] == "workspaces") return;
  finding.fix(Safety::unsafe, fmt::format("Add {}", option),
              is_bare ? insert_arguments(command, {option})
                      : add_argument(command, call->subcommand, option));
}

}  // namespace

extern constinit const Rule install_scripts_enabled{
    .id = "install-scripts-enabled",
    .title = "Packages run code while they are installed",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"sonar:S6505"},
    .why = R"(
npm, yarn and pnpm run the scripts `preinstall`, `install` and `postinstall` of each package that they install, those
that a dependency of a dependency brings included. Most attacks on the registry came that way: the package that was
taken over steals what the build can read, such as tokens in its environment.

Few packages need their scripts: those with parts in C or C++, and those that fetch a program. Install without
them, and run what is needed by name: `npm ci --ignore-scripts && npm rebuild sharp`. pnpm from version 10 on runs
only scripts that the project allows, and yarn from version 2 on can be told so in `.yarnrc.yml`; the rule cannot
see which version is at work, nor what stands in `.npmrc`.

The fix adds `--ignore-scripts`. It is unsafe: a package may not work without its script. There is none for
`yarn workspaces focus`, which has no such option: set `YARN_ENABLE_SCRIPTS=false` there.
)",
    .bad = R"(
FROM node:26
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
)",
    .good = R"(
FROM node:26
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev
)",
    .references = {"https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts",
                   "https://docs.npmjs.com/cli/commands/npm-ci#ignore-scripts"},
    .checks = each<check>,
    .environment = {"NPM_CONFIG_IGNORE_SCRIPTS", "npm_config_ignore_scripts",
                    "YARN_ENABLE_SCRIPTS"},
};

}  // namespace bulkhead::rules
