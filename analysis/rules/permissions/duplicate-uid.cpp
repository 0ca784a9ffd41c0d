#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

using Kind = shell::AccountChange::Kind;

// Who has a number.
struct Holder {
  std::string name;
  std::optional<Span> made;  // none: the base image brings it
  bool hint = false;         // only general knowledge of that image says so
};

// The numbers of users, or of groups, while the steps of a lineage change them.
class Numbers {
 public:
  const Holder* holder(std::uint32_t number) const {
    const auto found = holders_.find(number);
    return found == holders_.end() ? nullptr : &found->second;
  }
  void give(std::uint32_t number, Holder holder) {
    holders_.insert_or_assign(number, std::move(holder));
  }
  void remove(std::string_view name) {
    std::erase_if(holders_, [&](const auto& each) { return each.second.name == name; });
  }

 private:
  std::map<std::uint32_t, Holder> holders_;
};

struct Accounts {
  Numbers users;
  Numbers groups;
};

Accounts of_base(const Stage& stage) {
  Accounts accounts;
  const auto base = base_of(stage);
  if (!base || base->from.is_scratch()) return accounts;
  for (const facts::ImageUser& user : facts::users_of(base->name, base->tag)) {
    if (user.name.empty() || !user.uid) continue;
    // Root has its number everywhere.
    const Holder holder{std::string(user.name), std::nullopt,
                        user.evidence == facts::Evidence::known && user.uid != 0U};
    accounts.users.give(*user.uid, holder);
    // A group of its own; the numbers of others tell nothing of their names.
    if (user.gid == user.uid) accounts.groups.give(*user.gid, holder);
  }
  return accounts;
}

void report_on(const Effect& effect, const std::string& name, std::uint32_t number,
               const Holder& holder, bool is_group, const Stage& stage, Report& report) {
  const auto base = base_of(stage);
  const std::string who = (is_group ? "the group " : "") + holder.name;
  const std::string origin =
      holder.made || !base ? std::string() : fmt::format(" of the image {}", base->name);
  const std::string result =
      number == 0 ? fmt::format("{} is root by another name", name)
                  : fmt::format("to the kernel the two are one {}", is_group ? "group" : "user");
  auto finding = report.at(effect.span, fmt::format("{} gets the number {}, which {}{} has: {}",
                                                    name, number, who, origin, result));
  if (holder.hint || !effect.certain) finding.severity(Severity::hint);
  if (holder.made) finding.related(*holder.made, who + " gets it here");
}

bool gives_number(const Effect& effect) {
  const auto* account = effect.as<AccountEffect>();
  return account != nullptr && (account->change.uid || account->change.gid);
}

void check(const Stage& stage, Report& report) {
  if (std::ranges::none_of(stage.effects().effects(), gives_number)) return;
  const auto lineage = stage.lineage();
  Accounts accounts = of_base(stage);
  for (auto at = lineage.rbegin(); at != lineage.rend(); ++at) {
    at->effects().each<AccountEffect>([&](const Effect& effect, const AccountEffect& account) {
      const shell::AccountChange& change = account.change;
      const bool is_group = change.kind == Kind::makes_group ||
                            change.kind == Kind::changes_group ||
                            change.kind == Kind::removes_group;
      Numbers& numbers = is_group ? accounts.groups : accounts.users;
      const auto number = is_group ? change.gid : change.uid;
      const bool removes = change.kind == Kind::removes_user || change.kind == Kind::removes_group;
      // Somebody whose name is not known, or whose number is changed or taken away.
      if (!change.name && (removes || number)) accounts = {};
      if (!change.name) return;
      if (removes) {
        numbers.remove(*change.name);
        accounts.groups.remove(*change.name);
      }
      const bool gives = change.kind == Kind::makes_user || change.kind == Kind::changes_user ||
                         change.kind == Kind::makes_group || change.kind == Kind::changes_group;
      if (!gives || !number) return;
      const Holder* holder = numbers.holder(*number);
      const bool is_here =
          *at == stage && Instruction(stage.document(), effect.instruction).stage() == stage;
      if (holder && holder->name != *change.name && is_here && effect.certain)
        report_on(effect, *change.name, *number, *holder, is_group, stage, report);
      numbers.remove(*change.name);
      numbers.give(*number, {*change.name, effect.span});
    });
  }
}

}  // namespace

extern constinit const Rule duplicate_uid{
    .id = "duplicate-uid",
    .title = "Two accounts with one number",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"dockle:DKL-LI-0002"},
    .why = R"(
The kernel knows users and groups by their numbers only. Two accounts with one number are one: each may read
and change what belongs to the other, and is shown under whichever name stands first in `/etc/passwd`. Where
the number is 0, the account is root.

Mostly the build tells, for `useradd`, `adduser` and `groupadd` refuse a number that is taken, unless `-o` is
given. That happens all of a sudden when a new release of the base image brings an account of its own, such as
`ubuntu` (1000) in Ubuntu from 23.04 on.

The accounts of the base image count where they are known, those that are only thought to be there as a `hint`.
The rule is silent where the other one was removed or got another number. There is no fix: take another number,
or use the account that is there, such as `node` in `node`.
)",
    .bad = R"(
FROM debian:13
RUN useradd --uid 10001 app
RUN useradd --uid 10001 --non-unique worker
USER worker
)",
    .good = R"(
FROM debian:13
RUN useradd --uid 10001 app
RUN useradd --uid 10002 worker
USER worker
)",
    .references = {"https://man7.org/linux/man-pages/man8/useradd.8.html",
                   "https://discourse.ubuntu.com/t/noble-numbat-release-notes-for-ubuntu-server/"
                   "42187"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
