#include "analysis/rules/upgrades.h"

#include <fmt/format.h>

#include <utility>

#include "analysis/facts/package_managers.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {

std::optional<SystemUpgrade> system_upgrade(const Command& command) {
  const auto& texts = command.argument_texts();
  const shell::PackageCall* call = command.package_call();
  if (!call || call->action != shell::PackageCall::Action::upgrade || !call->packages.empty() ||
      call->has(shell::PackageCall::Setting::simulate)) {
    return std::nullopt;
  }
  const facts::PackageManager* manager = facts::package_manager(call->manager);
  const std::string subcommand = texts[call->subcommand].value_or("");
  if (!manager || !manager->of_system) return std::nullopt;
  const bool changes_release = is_listed(subcommand, "dist-upgrade full-upgrade dup");
  return SystemUpgrade{*call, command.name() + ' ' + subcommand, changes_release};
}

void report_upgrade(const Command& command, const SystemUpgrade& upgrade, Report& report,
                    std::string_view consequence) {
  auto finding = report.at(command.arguments()[upgrade.call.subcommand],
                           fmt::format("{} {}", upgrade.name, consequence));
  if (auto edit = remove_command(command))
    finding.fix(Safety::unsafe, "Remove " + upgrade.name, *std::move(edit));
}

}  // namespace bulkhead::rules
