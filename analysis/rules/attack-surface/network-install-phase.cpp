#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "analysis/facts/package_managers.h"
#include "analysis/rule.h"
#include "analysis/shell/commands/downloads.h"
#include "analysis/shell/commands/options.h"
#include "analysis/shell/commands/packages.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using facts::OfflineInstall;

// A command of a package manager that can install offline.
struct Call {
  const OfflineInstall* manager = nullptr;  // null for any other command
  std::string installs = {};                // "ci"; empty where it does not
  bool fetches = false;
  std::optional<std::size_t> offline = {};  // the argument that says so
};

Call read(const Command& command) {
  const auto& texts = command.argument_texts();
  const shell::PackageCall* package = command.package_call();
  Call call{facts::offline_install(package ? package->manager : command.name())};
  if (!call.manager) return call;
  const auto find = [&](const WordList& words) {
    return std::ranges::find_if(
        texts, [&](const shell::Argument& text) { return text && is_listed(*text, words); });
  };
  // Whichever comes first: `pip install wheel` fetches nothing alone.
  const auto installs = find(call.manager->installs);
  const auto fetches = find(call.manager->fetches);
  call.fetches = fetches < installs;
  if (installs < fetches) call.installs = **installs;
  const auto offline = find(call.manager->offline);
  if (offline != texts.end())
    call.offline = static_cast<std::size_t>(std::distance(texts.begin(), offline));
  return call;
}

// Whether it fetches something, as far as that is known.
bool needs_network(const Command& command) {
  const auto& texts = command.argument_texts();
  if (shell::download(command.name(), texts)) return true;
  const shell::PackageCall* call = command.package_call();
  using Action = shell::PackageCall::Action;
  return call && call->action != Action::remove && call->action != Action::clean;
}

class Search {
 public:
  explicit Search(Report& report) : report_(report) {}

  // `is_own`: in the stage that is looked at, not in one that it builds on.
  void run(const Run& run, bool is_own) {
    const auto commands = run.commands();
    const bool is_cut_off = run.flag("network").has_value();
    const bool has_others = std::ranges::any_of(commands, [](const Command& command) {
      const Call call = read(command);
      return (call.installs.empty() || !call.offline) && needs_network(command);
    });
    for (const Command& command : commands) {
      const Call call = read(command);
      if (call.fetches) fetched_.try_emplace(call.manager, run);
      if (call.installs.empty() || !is_own || is_cut_off) continue;
      const std::string name = fmt::format("{} {}", call.manager->manager, call.installs);
      if (call.offline && !has_others) {
        const ShellWord option = command.arguments()[*call.offline];
        report_
            .at(option, fmt::format("{} {} needs no network, but what it runs can use it", name,
                                    option.text().value_or("")))
            .fix(Safety::unsafe, "Add --network=none", add_flag(run, "--network=none"));
      } else if (const auto fetch = fetched_.find(call.manager);
                 !call.offline && fetch != fetched_.end()) {
        report_
            .at(command,
                fmt::format("{} can work from what was fetched above, without the network", name))
            .related(fetch->second.keyword(), "fetched here");
      }
    }
  }

 private:
  Report& report_;
  std::map<const OfflineInstall*, Run> fetched_;
};

void check(const Stage& stage, Report& report) {
  Search search(report);
  std::vector<Stage> lineage = stage.lineage();
  std::ranges::reverse(lineage);
  for (const Stage& each : lineage) {
    for (const Run& run : each.all<Run>()) search.run(run, each == stage);
  }
}

}  // namespace

extern constinit const Rule network_install_phase{
    .id = "network-install-phase",
    .title = "Offline installation with the network at hand",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"tally:ruby/prefer-network-none-install"},
    .why = R"(
Packages run code while they are installed. Where fetching them is one step and installing them another, the second
needs no network: `RUN --network=none` then keeps that code from sending away what it finds in the build, and from
fetching more than was asked for.

The rule speaks where an installation is told to stay offline (`pnpm install --offline`, `pip install --no-index`,
`bundle install --local`, `cargo build --offline`) but its `RUN` may use the network, and where an earlier `RUN` of
the stage has fetched (`pnpm fetch`, `pip download`, `bundle cache`, `cargo fetch`) and this one does not say that it
stays offline.

The fix adds `--network=none`. It is unsafe: something else in the `RUN` may need the network. There is none where
the option is missing as well, for where the packages lie is not known.
)",
    .bad = R"(
FROM node:26
WORKDIR /app
COPY pnpm-lock.yaml package.json ./
RUN pnpm fetch
RUN pnpm install --offline --frozen-lockfile
)",
    .good = R"(
FROM node:26
WORKDIR /app
COPY pnpm-lock.yaml package.json ./
RUN pnpm fetch
RUN --network=none pnpm install --offline --frozen-lockfile
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#run---network",
                   "https://pnpm.io/cli/fetch"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
