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

// What an instruction says of the stages that it takes files from.
struct WrittenUses {
  struct Use {
    Span place;  // in the instruction
    std::string name;
  };
  explicit WrittenUses(const Instruction& instruction) {
    if (instruction.is_trigger()) return;
    const auto add = [&](Span place, std::string_view name) {
      if (name.empty() || name.find('$') != std::string_view::npos) return;
      const std::uint32_t begin = instruction.begin();
      uses.push_back({{place.begin - begin, place.end - begin}, std::string(name)});
    };
    if (instruction.kind() == Keyword::copy) {
      if (const auto from = Copy(instruction).from()) add(from->span(), from->text());
    } else if (instruction.kind() == Keyword::run) {
      for (const Mount& mount : Run(instruction).mounts("from")) {
        if (const MountField* from = mount.field("from")) add(from->span, from->value);
      }
    }
  }
  explicit operator bool() const { return !uses.empty(); }

  std::vector<Use> uses;
};

void add_uses(const WrittenUses& written, const Instruction& instruction,
              std::vector<StageUse>& uses) {
  const Document& document = instruction.document();
  if (!instruction.stage()) return;
  for (const auto& [place, name] : written.uses) {
    const bool is_copy = instruction.kind() == Keyword::copy;
    uses.push_back({instruction, instruction.at(place), name, is_copy && is_number(name),
                    is_copy ? document.stage(name) : document.stage_named(name)});
  }
}

}  // namespace

std::vector<StageUse> stage_uses(const Instruction& instruction) {
  std::vector<StageUse> uses;
  add_uses(WrittenUses(instruction), instruction, uses);
  return uses;
}

StageUses::StageUses(const Document& document, SharedViews& views)
    : needs_(document.stages().size()) {
  for (const auto& [index, written] : views.gathered<WrittenUses>(document))
    add_uses(written, Instruction(document, index), uses);
  for (const StageUse& use : uses) {
    if (use.used) needs_[use.instruction.stage()->index()].push_back(use.used->index());
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
