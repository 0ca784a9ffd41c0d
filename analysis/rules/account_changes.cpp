#include "analysis/rules/account_changes.h"

#include <ranges>

namespace bulkhead::rules {

std::vector<MadeChange> account_changes(const Stage& stage, std::uint32_t before) {
  std::vector<MadeChange> made;
  const auto lineage = stage.lineage();
  for (const Stage& at : std::views::reverse(lineage)) {
    for (const Run& run : at.all<Run>()) {
      if (run.index() >= before) break;
      for (const Command& command : run.commands()) {
        for (auto& change : shell::account_changes(command.name(), command.argument_texts())) {
          made.push_back({command, std::move(change)});
        }
      }
    }
  }
  return made;
}

}  // namespace bulkhead::rules
