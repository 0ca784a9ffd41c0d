#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

std::optional<unsigned> octal(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool runs_as_root(const Run& run) {
  const auto stage = run.stage();
  if (!stage) return false;
  const EffectiveState state = stage->state_before(run.index());
  if (state.user) return state.account.known && is_root(state.account.text);
  const auto base = base_of(*stage);
  const auto kind =
      base ? facts::default_user(base->name, base->tag).kind : facts::DefaultUser::Kind::unknown;
  return kind == facts::DefaultUser::Kind::root || kind == facts::DefaultUser::Kind::steps_down;
}

void check(const Run& run, Report& report) {
  constexpr unsigned others = 0007;
  for (const Mount& mount : run.mounts()) {
    const bool secret = mount.type() == "secret";
    const MountField* field = mount.field("mode");
    const auto mode = field ? octal(field->value) : std::nullopt;
    if (!mode || (!secret && mount.type() != "ssh") || (*mode & others) == 0) continue;
    const std::string what(secret ? "secret" : "SSH socket");
    const std::string tight(secret ? "0400" : "0600");
    // Whoever is to read it is root, or named: nobody else needs a right.
    const bool certain = run.is_trigger() ? mount.get("uid").has_value()
                                          : mount.get("uid").has_value() || runs_as_root(run);
    report
        .at(field->span, fmt::format("Mode {} opens the {} to every user that this step runs "
                                     "something as",
                                     field->value, what))
        .fix(certain ? Safety::safe : Safety::unsafe, "Use mode " + tight,
             replace(field->span, tight));
  }
}

}  // namespace

extern constinit const Rule secret_mount_world_readable{
    .id = "secret-mount-world-readable",
    .title = "A secret that every user of the build step can read",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"sonar:S6469"},
    .why = R"(
A secret of the build is mounted for one step as a file that only root can read (mode 0400); the socket of an
SSH agent likewise (0600). A mode with rights for others opens it to every process of the step: a package's
script that runs as another user, a test that the step starts.

Where the step runs as an ordinary user, let that one have it: `uid=1000,mode=0400`.

The fix takes the mode that the builder uses by default. It is safe where the step runs as root or `uid=`
names who may read; else it is unsafe, for the user of the step may count on the open mode.
)",
    .bad = R"(
FROM node:26
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0444 npm ci
)",
    .good = R"(
FROM node:26
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0400 npm ci
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#run---mounttypesecret",
                   "https://docs.docker.com/reference/dockerfile/#run---mounttypessh"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
