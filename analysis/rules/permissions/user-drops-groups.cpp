#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/account_changes.h"

namespace bulkhead::rules {
namespace {

// The groups that the account `name` is given besides its main one.
std::vector<MadeChange> further_groups(const User& user, std::string_view name) {
  using Kind = shell::AccountChange::Kind;
  std::vector<MadeChange> found = account_changes(*user.stage(), user.index());
  std::erase_if(found, [&](const MadeChange& made) {
    const bool joins = made.change.kind == Kind::joins_group && made.change.group;
    return made.change.name != name || (!joins && made.change.groups.empty());
  });
  return found;
}

void check_user(const User& user, Report& report) {
  if (user.words().empty()) return;
  const Word word = user.words().front();
  const Value value = word.value();
  const std::string name(without_group(value.text));
  if (!value.known || name.size() == value.text.size()) return;
  const std::string group = value.text.substr(name.size() + 1);

  std::vector<std::string> dropped;
  const auto drop = [&](const std::string& other) {
    if (other != group && std::ranges::find(dropped, other) == dropped.end())
      dropped.push_back(other);
  };
  const std::vector<MadeChange> given = further_groups(user, name);
  for (const MadeChange& made : given) {
    if (made.change.kind == shell::AccountChange::Kind::joins_group) drop(*made.change.group);
    for (const std::string& other : made.change.groups) drop(other);
  }
  if (dropped.empty()) return;
  auto finding = report.at(word, fmt::format("USER {} leaves {} without its other groups: {}",
                                             value.text, name, fmt::join(dropped, ", ")));
  for (std::size_t i = 0; i < given.size(); ++i) {
    // A command may give several.
    const bool is_told = i > 0 && given[i - 1].command.span() == given[i].command.span();
    if (!is_told) finding.related(given[i].command, "given here");
  }
  finding.origins(user, value.variables, "the value comes from here");
  if (value.variables.empty()) {
    finding.fix(Safety::unsafe, "Use " + name + " without a group", replace(word, name));
  }
}

// What gives the groups stands further up, in the stages that this one is built on as well.
void check(const Stage& stage, Report& report) {
  for (const User& user : stage.all<User>()) check_user(user, report);
}

}  // namespace

extern constinit const Rule user_drops_groups{
    .id = "user-drops-groups",
    .title = "USER with a group drops the other groups",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"tally:user-explicit-group-drops-supplementary-groups"},
    .why = R"(
`USER name` runs the process with all groups that `/etc/group` has the account in. `USER name:group` runs it
with that one group alone; those that were given by `usermod -aG`, `useradd -G` or `adduser` are silently
lost. The process then cannot reach what the group was made for, and the quick way out is often to open the
files to everybody.

The fix leaves the group out. It is unsafe: the process then has its main group from `/etc/passwd`, which may
be another one. Make the one that is meant the main group (`useradd -g`) where that matters.
)",
    .bad = R"(
FROM debian:13
RUN useradd --create-home app && usermod -aG video app
USER app:app
)",
    .good = R"(
FROM debian:13
RUN useradd --create-home app && usermod -aG video app
USER app
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#user"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
