#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "analysis/facts/packages.h"
#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/rules/effect_commands.h"

namespace bulkhead::rules {
namespace {

struct Group {
  std::string_view name;
  std::string_view gain;  // what its members can do
};
constexpr std::array groups{
    Group{"sudo", "can do everything as root by sudo"},
    Group{"wheel", "can do everything as root by sudo or su"},
    Group{"admin", "can do everything as root by sudo"},
    Group{"docker", "are root on a host whose Docker they reach"},
    Group{"lxd", "are root on a host whose LXD they reach"},
    Group{"disk", "can read and write whole disks"},
    Group{"shadow", "can read the hashes of all passwords"},
    Group{"kmem", "can read the memory of the kernel"},
};

const Group* privileged(std::string_view name) {
  const auto found = std::ranges::find(groups, name, &Group::name);
  return found == groups.end() ? nullptr : &*found;
}

// The group, if it is one of those, that `change` puts its account into.
const Group* joined(const shell::AccountChange& change) {
  using Kind = shell::AccountChange::Kind;
  const bool joins = change.kind == Kind::joins_group || change.kind == Kind::makes_user ||
                     change.kind == Kind::changes_user;
  // `useradd docker` makes a group of that name for itself.
  const bool is_own = change.group == change.name;
  return joins && change.group && !is_own ? privileged(*change.group) : nullptr;
}

// The argument that names the group: "sudo", "-Gsudo", "docker,video".
std::optional<ShellWord> word_of(const Command& command, std::string_view group) {
  for (const ShellWord& word : command.arguments()) {
    const std::string text = word.value().text;
    if (text.ends_with(group) || text.find(std::string(group) + ",") != std::string::npos)
      return word;
  }
  return std::nullopt;
}

// `usermod -aG sudo app` and its like do nothing else.
bool only_joins(const Command& command) {
  using Kind = shell::AccountChange::Kind;
  return std::ranges::all_of(command.account_changes(), [](const shell::AccountChange& change) {
    const bool is_idle = change.kind == Kind::changes_user && !change.uid && !change.group &&
                         !change.home && !change.shell;
    return is_idle || (change.kind == Kind::joins_group && joined(change) != nullptr);
  });
}

class Search {
 public:
  Search(const Stage& stage, Report& report) : stage_(stage), report_(report) {}

  void run(const Timeline& timeline) {
    timeline.each<AccountEffect>([&](const Effect& effect, const AccountEffect& account) {
      if (effect.command) look_at(effect, account.change);
    });
  }

 private:
  void look_at(const Effect& effect, const shell::AccountChange& change) {
    const Group* group = joined(change);
    const std::string name = change.name.value_or("");
    if (group == nullptr || name == "root") return;
    const Command command = command_of(stage_.document(), effect);
    if (!told_.insert(command.span().begin).second) return;
    const auto word = word_of(command, group->name);
    auto finding =
        report_.at(word ? word->span() : effect.span,
                   fmt::format("{} becomes a member of {}, whose members {}",
                               name.empty() ? "An account" : name, group->name, group->gain));
    if (!only_joins(command)) return;
    if (auto edit = remove_command(command))
      finding.fix(Safety::unsafe, "Leave out the membership", *std::move(edit));
  }

  const Stage& stage_;
  Report& report_;
  std::set<std::uint32_t> told_;  // where commands begin
};

void check(const Stage& stage, Report& report) {
  if (!stage.is_delivered() || facts::is_development(stage.name())) return;
  Search search(stage, report);
  each_timeline(stage, [&](const Timeline& timeline) { search.run(timeline); });
}

}  // namespace

extern constinit const Rule privileged_group{
    .id = "privileged-group",
    .title = "Account in a group that is as good as root",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {},
    .why = R"(
Some groups hand out what only root has. Members of `sudo` and `wheel` may run everything as root, once they know
their password or need none; members of `docker` start containers as root where they reach the socket; members of
`disk` read and write past all permissions of files. An account in one of them, made to run a program with few
rights, has all of them in the end.

Looked at are `useradd`, `usermod`, `adduser`, `addgroup` and `gpasswd` in stages that get into what is shipped. A
process of an image needs none of these groups: what only root can do is done in front of `USER`. Containers to
develop in often want `sudo`; ignore the rule there.

The fix takes the command out where it does nothing else. It is unsafe: the entry point may call `sudo`.
)",
    .bad = R"(
FROM debian:13
RUN useradd --uid 10001 app
RUN usermod -aG sudo app
USER 10001
)",
    .good = R"(
FROM debian:13
RUN useradd --uid 10001 app
USER 10001
)",
    .references = {"https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
                   "https://wiki.debian.org/SystemGroups"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
