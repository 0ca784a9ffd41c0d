#include "analysis/rules/account_changes.h"

#include <ranges>

#include "analysis/facts/images.h"
#include "analysis/model/accounts.h"
#include "analysis/model/rewrite.h"

namespace bulkhead::rules {

std::vector<MadeChange> account_changes(const Stage& stage, std::uint32_t before) {
  std::vector<MadeChange> made;
  const auto lineage = stage.lineage();
  for (const Stage& at : std::views::reverse(lineage)) {
    for (const Run& run : at.all<Run>()) {
      if (run.index() >= before) break;
      for (const Command& command : run.commands()) {
        for (const shell::AccountChange& change : command.account_changes())
          made.push_back({command, change});
      }
    }
  }
  return made;
}

bool has_busybox_accounts(const Stage& stage) {
  const auto base = base_of(stage);
  return base && facts::account_tool(base->name, base->tag) == facts::AccountTool::adduser;
}

std::string lock_command(const Stage& stage, const std::string& name) {
  if (has_busybox_accounts(stage)) return "echo " + shell_quoted(name + ":*") + " | chpasswd -e";
  return "passwd -l " + name;
}

}  // namespace bulkhead::rules
