#include "analysis/rules/workplaces.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "analysis/facts/packages.h"
#include "analysis/model/effects.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view editors[] = {"vscode", "codespace"};

bool is_account_of_editor(std::string_view name) {
  return std::ranges::find(editors, name) != std::end(editors);
}

}  // namespace

bool is_workplace(const Stage& stage) {
  if (facts::is_development(stage.name())) return true;
  for (const Stage& at : stage.lineage()) {
    for (const Instruction& instruction : at.instructions()) {
      if (instruction.kind() != Keyword::arg) continue;
      for (const Pair& pair : instruction.pairs()) {
        if (pair.value() && is_account_of_editor(pair.value()->text())) return true;
      }
    }
    bool makes_account = false;
    at.effects().each<AccountEffect>([&](const Effect&, const AccountEffect& account) {
      makes_account = makes_account || is_account_of_editor(account.change.name.value_or(""));
    });
    if (makes_account) return true;
  }
  return false;
}

}  // namespace bulkhead::rules
