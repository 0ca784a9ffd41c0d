#include "analysis/rules/account_numbers.h"

#include <algorithm>
#include <ranges>

#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

using Kind = shell::AccountChange::Kind;

bool is_of_group(Kind kind) {
  return kind == Kind::makes_group || kind == Kind::changes_group || kind == Kind::removes_group;
}

bool is_of_user(Kind kind) {
  return kind == Kind::makes_user || kind == Kind::changes_user || kind == Kind::removes_user;
}

// Whether the command that does it says the same in each build: it always runs, with no variable in it.
bool is_fixed(const Document& document, const Effect& effect) {
  if (!effect.certain || !effect.command) return false;
  const auto commands = Instruction(document, effect.instruction).commands();
  return std::ranges::all_of(commands[*effect.command].data().words,
                             [](const shell::Word& word) { return word.literal().has_value(); });
}

// Whether it puts something else in the place of `path`. Lines that are added change no account that is there.
bool rewrites(const FileEffect& file, std::string_view path) {
  using Does = FileEffect::Kind;
  const bool covers = file.path.text == path || file.folder == "/etc" ||
                      (file.recursive && is_within(path, file.path.text));
  return covers && !file.appends && (file.kind == Does::writes || file.kind == Does::deletes);
}

// What `effect` makes of a number of the account `name`.
void follow(const Document& document, const Effect& effect, std::string_view name,
            std::optional<std::uint32_t> said, std::optional<std::uint32_t>& number) {
  const shell::AccountChange& change = effect.as<AccountEffect>()->change;
  const bool makes = change.kind == Kind::makes_user || change.kind == Kind::makes_group;
  const bool removes = change.kind == Kind::removes_user || change.kind == Kind::removes_group;
  // Somebody whose name is not known is somebody else, if new.
  if (change.name ? *change.name != name : makes) return;
  if (!change.name || removes || !is_fixed(document, effect)) {
    number.reset();
  } else if (makes || said) {
    number = said;
  }
}

}  // namespace

AccountNumbers account_numbers(const Stage& stage, std::uint32_t before, std::string_view name,
                               std::string_view group) {
  AccountNumbers numbers;
  if (const auto base = base_of(stage)) {
    if (const auto brought = facts::find_user(base->name, base->tag, name)) {
      numbers.user = brought->uid;
      if (group == name) numbers.group = brought->gid;
    }
  }
  const auto lineage = stage.lineage();
  for (const Stage& at : std::views::reverse(lineage)) {
    for (const Effect& effect : at.effects().effects()) {
      if (effect.instruction >= before) return numbers;
      if (const auto* file = effect.as<FileEffect>()) {
        if (rewrites(*file, "/etc/passwd")) numbers.user.reset();
        if (rewrites(*file, "/etc/group")) numbers.group.reset();
        if (file->folder == "/")
          numbers.here = false;  // most likely a file, but it may be a whole tree
      }
      const auto* account = effect.as<AccountEffect>();
      if (account == nullptr) continue;
      const shell::AccountChange& change = account->change;
      if (is_of_group(change.kind)) follow(at.document(), effect, group, change.gid, numbers.group);
      if (!is_of_user(change.kind)) continue;
      follow(at.document(), effect, name, change.uid, numbers.user);
      if (change.uid && change.name == name) numbers.here = true;
      // userdel takes the group of that name as well.
      if (change.kind == Kind::removes_user)
        follow(at.document(), effect, group, {}, numbers.group);
    }
  }
  return numbers;
}

}  // namespace bulkhead::rules
