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
    std::optional<std::uint32_t>
        used;  // the index of a stage; names of stages are in force everywhere
  };
  explicit WrittenUses(const Instruction& instruction) {
    if (instruction.is_trigger()) return;
    const auto add = [&](Span place, std::string_view name) {
      if (name.empty() || name.find('$') != std::string_view::npos) return;
      const std::uint32_t begin = instruction.begin();
      const Document& document = instruction.document();
      const auto used =
          instruction.kind() == Keyword::copy ? document.stage(name) : document.stage_named(name);
      uses.push_back({{place.begin - begin, place.end - begin},
                      std::string(name),
                      used ? std::optional(used->index()) : std::nullopt});
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
  if (!instruction.stage()) return;
  for (const auto& [place, name, used] : written.uses) {
    const bool is_copy = instruction.kind() == Keyword::copy;
    uses.push_back({instruction, instruction.at(place), name, is_copy && is_number(name),
                    used ? std::optional(Stage(instruction.document(), *used)) : std::nullopt});
  }
}

}  // namespace

std::vector<StageUse> stage_uses(const Instruction& instruction) {
  std::vector<StageUse> uses;
  add_uses(WrittenUses(instruction), instruction, uses);
  return uses;
}

StageUses::StageUses(const Document& document, SharedViews& views) {
  const auto& gathered = views.gathered<WrittenUses>(document);
  uses.reserve(gathered.size());
  for (const auto& [index, written] : gathered)
    add_uses(written, Instruction(document, index), uses);
}

bool StageUses::leads_to(const Stage& from, const Stage& to) const {
  std::vector<bool> seen(from.document().stages().size(), false);
  std::vector<std::uint32_t> next{from.index()};
  const auto of_instruction = [](const StageUse& use) { return use.instruction.stage()->index(); };
  while (!next.empty()) {
    const std::uint32_t stage = next.back();
    next.pop_back();
    if (stage == to.index()) return true;
    if (seen[stage]) continue;
    seen[stage] = true;
    for (const StageUse& use : std::ranges::equal_range(uses, stage, {}, of_instruction)) {
      if (use.used) next.push_back(use.used->index());
    }
  }
  return false;
}

}  // namespace bulkhead::rules
