#include <algorithm>
#include <optional>
#include <ranges>
#include <span>
#include <string>

#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/rules/account_changes.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/rules/written_settings.h"

namespace bulkhead::rules {
namespace {

using Kind = shell::AccountChange::Kind;

bool has_letter(const Command& command, char letter) {
  const auto& arguments = command.argument_texts();
  return std::ranges::any_of(arguments, [&](const shell::Argument& argument) {
    return argument && argument->starts_with('-') && !argument->starts_with("--") &&
           argument->find(letter) != std::string::npos;
  });
}

// Whether `passwd -u`, the last of `effects`, leaves the account without a password. Busybox only takes a
// '!' away, which is all that `adduser -D` has written; that of shadow refuses.
bool unlocking_empties(const Stage& stage, std::span<const Effect> effects,
                       const std::string& name) {
  if (!has_busybox_accounts(stage)) return false;
  for (const Effect& effect : effects | std::views::reverse) {
    const auto* account = effect.as<AccountEffect>();
    if (account == nullptr || account->change.name != name) continue;
    if (account->change.kind == Kind::sets_password) return false;
    if (account->change.kind == Kind::makes_user)
      return effect.command && has_letter(command_of(stage.document(), effect), 'D');
  }
  return false;
}

std::optional<Edit> locked(const Command& command, const shell::AccountChange& change) {
  const std::string& program = command.name();
  const auto arguments = command.arguments();
  const Stage stage = *command.run().stage();
  if (change.kind == Kind::unlocks_password || (program == "passwd" && has_busybox_accounts(stage)))
    return replace_command(command, lock_command(stage, *change.name));
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string text = arguments[i].value().text;
    if (program == "passwd" && (text == "-d" || text == "--delete"))
      return replace(arguments[i], "-l");
    if (text == "--empty-password") return replace(arguments[i], "--disabled-password");
    if (i == change.at && program != "passwd" && text.empty()) return replace(arguments[i], "!");
    if (i == change.at && text == "--password=") return replace(arguments[i], "--password=!");
  }
  return std::nullopt;
}

void check_timeline(const Stage& stage, const Timeline& timeline, Report& report) {
  const auto& effects = timeline.effects();
  for (auto effect = effects.begin(); effect != effects.end(); ++effect) {
    const auto* account = effect->as<AccountEffect>();
    if (account == nullptr || !account->change.name) continue;
    const std::string& name = *account->change.name;
    const bool is_empty = account->change.kind == Kind::clears_password ||
                          (account->change.kind == Kind::unlocks_password &&
                           unlocking_empties(stage, {effects.begin(), effect}, name));
    if (!is_empty) continue;
    const bool mended = std::any_of(effect + 1, effects.end(), [&](const Effect& later) {
      const auto* change = later.as<AccountEffect>();
      return change != nullptr && later.certain && change->change.name == name &&
             (change->change.kind == Kind::sets_password ||
              change->change.kind == Kind::locks_password ||
              change->change.kind == Kind::removes_user);
    });
    const Instruction instruction(stage.document(), effect->instruction);
    if (mended || !effect->command || instruction.stage() != stage) continue;
    const Command command = command_of(stage.document(), *effect);
    auto finding = report.at(command, name +
                                          " has no password after this: whoever is asked for it, "
                                          "by su or at a login, gets in");
    if (!effect->certain) finding.severity(Severity::warning);
    if (const auto edit = locked(command, account->change))
      finding.fix(Safety::unsafe, "Lock the password", *edit);
  }
}

void check(const Stage& stage, Report& report) {
  each_timeline(stage, [&](const Timeline& timeline) { check_timeline(stage, timeline, report); });
}

// sed -i 's/^root:x:/root::/' /etc/passwd
void check_files(const Stage& stage, Report& report) {
  for (const WrittenText& text : written_texts(report, stage, "/etc/passwd /etc/shadow")) {
    const std::size_t empty = text.text.find("::");
    const std::size_t begin = empty == std::string::npos ? empty : text.text.rfind('\n', empty) + 1;
    if (empty == std::string::npos || empty == begin || text.source != text.place) continue;
    const std::string name = text.text.substr(begin, empty - begin);
    if (name.find_first_of(": \\/^$") != std::string::npos) continue;
    report.at(text.place, name +
                              " has no password after this: whoever is asked for it, by su or at a "
                              "login, gets in");
  }
}

}  // namespace

extern constinit const Rule empty_password{
    .id = "empty-password",
    .title = "An account without a password",
    .category = Category::permissions,
    .severity = Severity::error,
    .aliases = {"dockle:DKL-LI-0001", "checkov:CKV2_DOCKER_17"},
    .why = R"(
An account whose password is empty, not locked, lets everyone in who is asked for it: `su` in the container,
a login, and SSH where it is told to allow that. If that is root, or may use `sudo`, any process of the
container is root with one command.

Found are `passwd -d`, an empty `-p` of `useradd` and `usermod`, `adduser --empty-password`, empty passwords
for `chpasswd`, and lines that are added to `/etc/passwd` or `/etc/shadow` without one; on Alpine `passwd -u`
too, behind `adduser -D`: it takes away the one mark that locks the account, and leaves nothing. The rule is
silent where the password is set or locked further down.

The fix locks the password; keys for SSH and `USER` work all the same. It is unsafe, for somebody may log in
without one.
)",
    .bad = R"(
FROM debian:13
RUN useradd --create-home app && passwd -d app
USER app
)",
    .good = R"(
FROM debian:13
RUN useradd --create-home app && passwd -l app
USER app
)",
    .references = {"https://man7.org/linux/man-pages/man5/shadow.5.html",
                   "https://man7.org/linux/man-pages/man1/passwd.1.html"},
    .checks = each<check, check_files>,
};

}  // namespace bulkhead::rules
