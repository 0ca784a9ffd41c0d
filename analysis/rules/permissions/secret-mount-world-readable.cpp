#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/account_numbers.h"
#include "analysis/shell/commands/options.h"
#include "analysis/shell/commands/wrappers.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

std::optional<std::uint32_t> number_of(std::string_view text, int base) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Whether something in the step may run as another user than the step: behind su, gosu and the like. apt fetches
// as _apt.
bool may_change_user(const Run& run) {
  if (run.script().opaque || run.script().has_error) return true;
  return std::ranges::any_of(run.commands(), [](const Command& command) {
    const shell::Wrapped wrapped = command.unwrapped();
    const std::string& name = command.name();
    return command.data().user || (wrapped.changes_user && wrapped.user != "root") ||
           is_listed(name,
                     "su sudo runuser setpriv chroot chpst setuidgid s6-setuidgid "
                     "start-stop-daemon find xargs parallel apt apt-get aptitude");
  });
}

// The steps of one stage, for the number of an account is told by what stands above.
class Steps {
 public:
  explicit Steps(const Stage& stage) : stage_(stage), users_(stage) {}

  // Whether nobody else needs a right than the owner of the mounted file: the step runs as that one, or as root.
  bool only_owner_reads(const Run& run, const Mount& mount) {
    const StepUser user = users_.of(run);
    if (user.kind == StepUser::Kind::unknown || may_change_user(run)) return false;
    if (user.kind == StepUser::Kind::root) return true;
    const std::string_view name = without_group(user.name);
    auto number = number_of(name, 10);
    if (!number && looked_up_++ < most)
      number = account_numbers(stage_, run.index(), name, {}).user;
    return number && number_of(mount.get("uid").value_or("0"), 10) == number;
  }

 private:
  static constexpr int most = 64;  // open secrets that anybody has

  Stage stage_;
  StepUsers users_;
  int looked_up_ = 0;
};

void check_run(const Run& run, Steps& steps, Report& report) {
  constexpr unsigned others = 0007;
  constexpr unsigned executes = 0111;
  for (const Mount& mount : run.mounts()) {
    const bool secret = mount.type() == "secret";
    const MountField* field = mount.field("mode");
    const auto mode = field ? number_of(field->value, 8) : std::nullopt;
    if (!mode || (!secret && mount.type() != "ssh") || (*mode & others) == 0) continue;
    const std::string what(secret ? "secret" : "SSH socket");
    const std::string tight(secret ? "0400" : "0600");
    const bool certain = (*mode & executes) == 0 && steps.only_owner_reads(run, mount);
    report
        .at(field->span, fmt::format("Mode {} opens the {} to every user that this step runs "
                                     "something as",
                                     field->value, what))
        .fix(certain ? Safety::safe : Safety::unsafe, "Use mode " + tight,
             replace(field->span, tight));
  }
}

void check(const Stage& stage, Report& report) {
  Steps steps(stage);
  for (const Instruction& instruction : stage.instructions()) {
    if (instruction.kind() == Keyword::run) check_run(Run(instruction), steps, report);
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

The fix takes the mode that the builder uses by default. It is safe where the step runs as root, or `uid=` is
the number of its user. It is unsafe where somebody else may count on the open mode: another user of the step,
what it runs by `su`, `gosu`, `sudo` or `chroot`, or what apt fetches as `_apt`; and where the mode lets the file be
executed.
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
