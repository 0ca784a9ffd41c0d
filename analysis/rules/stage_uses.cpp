#include "analysis/rules/stage_uses.h"

#include <algorithm>

#include "analysis/rules/arguments.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

bool is_number(std::string_view name) {
  if (name.starts_with('-') || name.starts_with('+')) name.remove_prefix(1);
  return !name.empty() && name.size() < 19 && std::ranges::all_of(name, is_digit);
}

}  // namespace

StageUses::StageUses(const Document& document) : needs_(document.stages().size()) {
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.kind() != Keyword::copy && instruction.kind() != Keyword::run) continue;
    const auto stage = instruction.stage();
    if (!stage || instruction.is_trigger()) continue;
    const auto add = [&](Span place, std::string name, bool number, std::optional<Stage> used) {
      if (used) needs_[stage->index()].push_back(used->index());
      uses.push_back({instruction, place, std::move(name), number, used});
    };
    if (instruction.kind() == Keyword::copy) {
      const auto from = Copy(instruction).from();
      if (!from || from->text().empty() || from->text().find('$') != std::string_view::npos)
        continue;
      const std::string name(from->text());
      add(from->span(), name, is_number(name), document.stage(name));
    } else {
      for (const Mount& mount : Run(instruction).mounts("from")) {
        const MountField* from = mount.field("from");
        if (!from || from->value.empty() || from->value.find('$') != std::string::npos) continue;
        add(from->span, from->value, false, document.stage_named(from->value));
      }
    }
  }
}

bool StageUses::leads_to(const Stage& from, const Stage& to) const {
  std::vector<bool> seen(needs_.size(), false);
  std::vector<std::uint32_t> next{from.index()};
  while (!next.empty()) {
    const std::uint32_t stage = next.back();
    next.pop_back();
    if (stage == to.index()) return true;
    if (seen[stage]) continue;
    seen[stage] = true;
    next.insert(next.end(), needs_[stage].begin(), needs_[stage].end());
  }
  return false;
}

}  // namespace bulkhead::rules
