#include <algorithm>
#include <string>

#include "analysis/facts/paths.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/written_modes.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

// Whether all that gets the mode is a device, or gets into no layer with it.
bool is_harmless(const WrittenMode& mode) {
  const auto is_device = [&](std::size_t at) {
    const auto& effects = mode.instruction.stage()->effects().effects();
    return is_within(effects[at].as<FileEffect>()->path.text, "/dev");
  };
  return is_undone(mode) || (!mode.effects.empty() && std::ranges::all_of(mode.effects, is_device));
}

// Files of the system have a rule of their own, which says what is to be had by writing them.
bool is_of_system(const WrittenMode& mode) {
  return !mode.effects.empty() && std::ranges::all_of(mode.effects, [&](std::size_t at) {
    const auto& effects = mode.instruction.stage()->effects().effects();
    const FileEffect& file = *effects[at].as<FileEffect>();
    return !file.filtered && facts::trusted_path(file.path.text, file.recursive) != nullptr;
  });
}

void check(const Command& command, Report& report) {
  const auto written = written_mode(command);
  if (!written || !written->mode.world_writable() || written->mode.sticky()) return;
  if (is_harmless(*written) || is_of_system(*written)) return;

  const auto& targets = written->targets;
  const auto is_shared = [](const std::string& path) {
    return facts::is_shared_folder(normalized(path));
  };
  const bool shared = !targets.empty() && std::ranges::all_of(targets, is_shared);
  const bool one = targets.size() == 1 && targets.front().find('$') == std::string::npos;
  const std::string what = one ? targets.front() : "these files";
  const std::string message =
      written->is_mask ? "umask " + written->text + " leaves new files for every user to change"
      : shared         ? "Mode " + written->text + " on " + what +
                     " lets every user delete the files of others: the sticky bit is missing"
               : "Mode " + written->text + " lets every user in the container change " + what;
  auto finding = report.at(written->place, message);
  if (command.conditional()) finding.severity(Severity::info);
  finding.origins(written->instruction, written->variables, "the mode comes from here");
  // /tmp needs another mode than what stands beside it.
  if (!shared && std::ranges::any_of(targets, is_shared)) return;
  const std::string tight = shared ? "1777" : written->mode.tightened();
  if (const auto edit = replace_mode(*written, tight)) {
    finding.fix(Safety::unsafe, "Use " + tight, *edit);
  }
}

}  // namespace

extern constinit const Rule world_writable_permissions{
    .id = "world-writable-permissions",
    .title = "Files that everyone may change",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"sonar:S2612", "tally:world-writable-state-path-workaround"},
    .why = R"(
`chmod 777` makes an error message go away and every process of the container, whoever it runs as, able
to change or replace the file. A fault in one program is then enough to put code into another, and to
have it run as the user who starts that one, be it root.

Read are `chmod` (behind `find -exec` and `xargs` as well), `install -m`, `mkdir -m` and `umask`, in octal
and in symbols. The rule is silent for devices, for the sticky bit (1777, `+t`), and for what the same
`RUN` deletes or sets anew, since that gets into no layer; and for files of the system such as `/etc/passwd`,
which have a rule of their own. In a branch or a loop of the shell it is an
`info`.

The fix takes the right to write from group and others, and gives `/tmp` its sticky bit. It is unsafe: a
process of another user may count on writing there; give it what it needs by `chown` instead.
)",
    .bad = R"(
FROM debian:13
RUN mkdir -p /var/lib/app && chmod -R 777 /var/lib/app
)",
    .good = R"(
FROM debian:13
RUN mkdir -p /var/lib/app && chmod -R 755 /var/lib/app
)",
    .references = {"https://cwe.mitre.org/data/definitions/732.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
