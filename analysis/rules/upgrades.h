#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analysis/rule.h"
#include "analysis/shell/commands/packages.h"

namespace bulkhead::rules {

// An upgrade of all packages of the system.
struct SystemUpgrade {
  shell::PackageCall call;
  std::string name;  // as written: "apt-get dist-upgrade"
  bool
      changes_release;  // may take packages away, or move on to another release of the distribution
};

// None for a command that does anything else, or upgrades only some packages.
std::optional<SystemUpgrade> system_upgrade(const Command& command);

// "apt-get upgrade `consequence`", with a fix that takes the command away, which is never safe.
void report_upgrade(const Command& command, const SystemUpgrade& upgrade, Report& report,
                    std::string_view consequence);

}  // namespace bulkhead::rules
