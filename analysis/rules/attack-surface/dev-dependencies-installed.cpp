#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/package_managers.h"
#include "analysis/facts/packages.h"
#include "analysis/facts/registries.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/model/process.h"
#include "analysis/rules/installed_packages.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using shell::Argument;
using shell::Package;
using shell::PackageCall;
using Setting = PackageCall::Setting;

// A call that installs packages of development.
struct Install {
  Command command;
  PackageCall call;
  std::optional<std::size_t> asked_at = {};  // the argument that asks for them, where one has to
  std::optional<Package> list = {};          // the file that names them, where one does
};

// `--omit=dev`, but not `--omit=optional`
bool refuses(const PackageCall& call) {
  return std::ranges::any_of(call.settings, [](const PackageCall::Given& given) {
    constexpr std::string_view groups[] = {"dev", "prod", "main"};
    return given.setting == Setting::no_extras &&
           (!given.value || std::ranges::any_of(groups, [&](std::string_view group) {
             return given.value->find(group) != std::string::npos;
           }));
  });
}

// Whether the environment, or a command in front of this one, refuses them, may do so, or wants them.
bool is_settled_before(const Command& command, const facts::DevelopmentInstall& install,
                       std::span<const Command> before) {
  bool settled = false;
  install.each_variable([&](std::string_view name, std::string_view glob) {
    const auto value = command.run().variable(name);
    // NODE_ENV=development says that the image is one for development.
    if (value && (!value->known || facts::matches_glob(glob, value->text) ||
                  facts::is_development(value->text))) {
      settled = true;
    }
    for (const shell::Assignment& assignment : command.data().assignments) {
      if (assignment.name == name) settled = true;
    }
  });
  // `bundle config set without development`, `export NODE_ENV=production`
  return settled || std::ranges::any_of(before, [&](const Command& each) {
           const auto& texts = each.argument_texts();
           const bool is_config =
               each.name() == install.manager && !texts.empty() && texts.front() == "config";
           const bool is_export =
               each.name() == "export" && each.run().index() == command.run().index();
           return (is_config || is_export) && std::ranges::any_of(texts, [&](const Argument& text) {
                    constexpr std::string_view telling[] = {"without", "omit", "only", "prod"};
                    return text && std::ranges::any_of(telling, [&](std::string_view word) {
                             return text->find(word) != std::string::npos;
                           });
                  });
         });
}

// Whether it may be one: most documents have none, which is sooner seen than what each stage runs.
bool may_install_for_development(const Command& command) {
  const PackageCall* call = command.package_call();
  return call && call->action == PackageCall::Action::install &&
         (facts::development_install(call->manager) ||
          std::ranges::find(call->packages, Package::Kind::list, &Package::kind) !=
              call->packages.end());
}

bool has_such_command(const Instruction& instruction) {
  return instruction.kind() == Keyword::run &&
         std::ranges::any_of(instruction.commands(), may_install_for_development);
}

std::optional<Install> development_install(const Command& command,
                                           std::span<const Command> before) {
  const auto& texts = command.argument_texts();
  const PackageCall* call = command.package_call();
  if (!call || call->action != PackageCall::Action::install || command.conditional() ||
      call->has(Setting::simulate) || call->has(Setting::global)) {
    return std::nullopt;
  }
  for (const Package& package : call->packages) {
    const bool is_list = package.kind == Package::Kind::list;
    if (is_list && facts::is_development(file_name(package.name)))
      return Install{.command = command, .call = *call, .list = package};
  }
  const facts::DevelopmentInstall* install = facts::development_install(call->manager);
  if (!install || !call->packages.empty()) return std::nullopt;
  const std::string subcommand =
      call->subcommand < texts.size() ? texts[call->subcommand].value_or("") : std::string();
  // `yarn` alone
  const bool is_bare = subcommand.empty() || subcommand.starts_with('-');
  if (!is_bare && !install->installs_by(subcommand)) return std::nullopt;
  if (!install->asked_by.empty()) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i] && install->is_asked_by(*texts[i]))
        return Install{.command = command, .call = *call, .asked_at = i};
    }
    return std::nullopt;
  }
  const bool is_unknown =
      !std::ranges::all_of(texts, [](const Argument& text) { return text.has_value(); });
  if (is_unknown || refuses(*call) || is_settled_before(command, *install, before))
    return std::nullopt;
  return Install{.command = command, .call = *call};
}

// Whether `command` takes what `install` has left away again, or puts it in place of it.
bool undoes(const Command& command, const Install& install) {
  const auto& texts = command.argument_texts();
  const auto of = [](const PackageCall& call) {
    const facts::PackageManager* manager = facts::package_manager(call.manager);
    return manager ? manager->family : std::string_view();
  };
  const bool is_node = of(install.call) == "npm";
  if (command.name() == "rm" && is_node) {
    return std::ranges::any_of(
        texts, [](const Argument& text) { return text && text->ends_with("node_modules"); });
  }
  const PackageCall* call = command.package_call();
  const bool prunes = call && call->action == PackageCall::Action::remove && call->packages.empty();
  return call && of(*call) == of(install.call) && (prunes || refuses(*call));
}

// `uv run` first installs what is missing of them.
bool installs_to_run(const Command& command) {
  const auto& texts = command.argument_texts();
  const auto has = [&](WordList words) {
    return std::ranges::any_of(
        texts, [&](const Argument& text) { return text && is_listed(*text, words); });
  };
  return command.name() == "uv" && has("run") && !has("--no-dev --no-default-groups --no-sync");
}

// Whether `command` runs a script of the project, which may need them.
bool runs_script(const Command& command) {
  const auto& texts = command.argument_texts();
  const std::string& name = command.name();
  if (is_listed(name, "npx bunx pnpx") || installs_to_run(command)) return true;
  const facts::PackageManager* manager = facts::package_manager(name);
  return manager && manager->family == "npm" && !command.package_call() && !texts.empty() &&
         texts[0] && !is_listed(*texts[0], "config cache --version -v set link");
}

bool starts_development(const Stage& stage) {
  return std::ranges::any_of(process_of(stage).words, [](std::string_view word) {
    return facts::is_development(file_name(word));
  });
}

// Whether a script runs further down, in this stage or in one that takes files from it.
bool is_built_with(const Install& install) {
  const auto instructions = install.command.run().document().instructions();
  return std::ranges::any_of(instructions, [&](const Instruction& instruction) {
    if (instruction.kind() != Keyword::run) return false;
    return std::ranges::any_of(instruction.commands(), [&](const Command& command) {
      return command.span().begin > install.command.span().begin && runs_script(command);
    });
  });
}

// Whether a container installs them when it starts, perhaps as somebody who may not.
bool is_installed_to_start(const Install& install) {
  if (install.call.manager != "uv") return false;
  return std::ranges::any_of(install.command.run().document().instructions(),
                             [](const Instruction& instruction) {
                               return instruction.kind() != Keyword::run &&
                                      std::ranges::any_of(instruction.commands(), installs_to_run);
                             });
}

constexpr std::string_view stays = "and they stay in the image that is shipped";

void tell_list(const Install& install, Report& report) {
  report.at(install.command.arguments()[install.list->argument],
            fmt::format("{} installs the packages that {} lists for development, {}",
                        install.command.name(), install.list->name, stays));
}

void tell_call(const Install& install, Report& report) {
  const auto words = install.command.arguments();
  const std::size_t at = install.asked_at.value_or(install.call.subcommand);
  const bool is_bare =
      at >= words.size() || (!install.asked_at && words[at].value().text.starts_with('-'));
  std::string what = install.command.name();
  if (!is_bare) what += ' ' + words[at].value().text;
  auto finding =
      report.at(is_bare ? install.command.span() : words[at].span(),
                fmt::format("{} brings the dependencies of development as well, {}", what, stays));
  if (is_bare || is_built_with(install)) return;
  const std::string option(facts::package_manager(install.call.manager)->no_extras);
  if (install.asked_at) {
    finding.fix(Safety::unsafe, "Remove " + words[at].value().text,
                remove_argument(install.command, at));
  } else if (install.call.manager == "bundle") {
    finding.fix(
        Safety::unsafe, "Leave out the groups development and test",
        insert_right_before(install.command.run(), {"ENV BUNDLE_WITHOUT=\"development:test\""}));
  } else if (is_installed_to_start(install)) {
    finding.fix(Safety::unsafe, "Leave out the group dev",
                insert_right_before(install.command.run(), {"ENV UV_NO_DEV=1"}));
  } else if (!option.empty()) {
    finding.fix(Safety::unsafe, "Add " + option, add_argument(install.command, at, option));
  }
}

// The commands that a stage and those it is built on run when they are built, in order.
std::vector<Command> commands_of(const Stage& stage) {
  std::vector<Stage> lineage = stage.lineage();
  std::ranges::reverse(lineage);
  std::vector<Command> commands;
  for (const Stage& at : lineage) {
    for (const Run& run : at.all<Run>()) {
      for (const Command& command : run.commands()) commands.push_back(command);
    }
  }
  return commands;
}

// Several stages may be built on the one that installs them, of which `told` are known.
void check_stage(const Stage& stage, std::set<std::uint32_t>& told, Report& report) {
  if (!stage.is_shipped()) return;
  const std::vector<Command> commands = commands_of(stage);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto install = development_install(commands[i], std::span(commands).first(i));
    if (!install) continue;
    const bool is_undone =
        std::ranges::any_of(std::span(commands).subspan(i + 1),
                            [&](const Command& each) { return undoes(each, *install); });
    if (is_undone) continue;
    if (!is_for_production(stage) || starts_development(stage)) return;
    if (!told.insert(commands[i].span().begin).second) continue;
    if (install->list) {
      tell_list(*install, report);
    } else {
      tell_call(*install, report);
    }
  }
}

// A script that needs them may run in any stage further down.
void check(const Document& document, Report& report) {
  if (report.instructions<has_such_command>(document).empty()) return;
  std::set<std::uint32_t> told;
  for (const Stage& stage : document.stages()) check_stage(stage, told, report);
}

}  // namespace

extern constinit const Rule dev_dependencies_installed{
    .id = "dev-dependencies-installed",
    .title = "Dependencies of development in what is shipped",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .aliases = {"tally:php/composer-no-dev-in-production",
                "tally:ruby/missing-bundle-without-development"},
    .why = R"(
Test runners, bundlers, linters and debuggers are most of what a project depends on, and the program needs none of
them to run. In the image that is shipped they are code that nobody there calls but an intruder, and their holes
fill the reports of scanners.

Leave them out: `npm ci --omit=dev` (or `NODE_ENV=production`), `composer install --no-dev`,
`BUNDLE_WITHOUT=development:test`, `poetry install --only=main`, `uv sync --no-dev`. Where a build needs them,
build in another stage, or take them out again: `npm prune --omit=dev`.

The rule looks at stages that may be shipped and start something, unless they are named for development or tests
or start a script that is. It is silent where a variable, a file of settings that a command writes, or a later
command leaves them out.

The fix adds the option, or the variable, which `uv run` heeds as well when the container starts. It is unsafe: a
package that the program needs may be listed as one of development. There is none where a script of the project
runs further down, for that may need them.
)",
    .bad = R"(
FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
CMD ["node", "server.js"]
)",
    .good = R"(
FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
CMD ["node", "server.js"]
)",
    .references = {"https://docs.npmjs.com/cli/commands/npm-ci",
                   "https://getcomposer.org/doc/03-cli.md#install-i",
                   "https://docs.docker.com/build/building/multi-stage/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
