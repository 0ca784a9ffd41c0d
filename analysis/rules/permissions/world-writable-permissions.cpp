#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/shell/commands/modes.h"

namespace bulkhead::rules {
namespace {

std::optional<shell::ModeChange> change_of(const Command& command) {
  return shell::mode_change(command.name(), command.argument_texts());
}

std::optional<shell::Mode> mode_of(const shell::ModeChange& change) {
  return change.is_mask ? shell::parse_mask(change.text) : shell::parse_mode(change.text);
}

// The files, with "${NAME}" for what is not known.
std::vector<std::string> targets_of(const Command& command, const shell::ModeChange& change) {
  const auto arguments = command.arguments();
  std::vector<std::string> targets;
  for (const std::size_t path : change.paths) targets.push_back(arguments[path].value().text);
  return targets;
}

// Where the mode is written: the end of its word, where letters of an option stand in front of it.
Span place_of(const ShellWord& word, const shell::ModeChange& change) {
  Span place = word.span();
  const bool plain = place.size() == word.value().text.size();
  if (plain) place.begin += static_cast<std::uint32_t>(change.offset);
  return place;
}

bool is_shared_folder(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  constexpr std::array<std::string_view, 3> folders = {"/tmp", "/var/tmp", "/dev/shm"};
  return std::ranges::find(folders, path) != folders.end();
}

// Whether all that gets the mode is a device, or gets into no layer with it: the same RUN deletes it, or
// sets its mode anew.
bool is_harmless(const Command& command) {
  const auto stage = command.run().stage();
  if (!stage) return false;
  const Timeline& timeline = stage->effects();
  const auto [first, last] = timeline.of(command);
  bool found = false;
  for (std::size_t i = first; i < last; ++i) {
    const auto* file = timeline.effects()[i].as<FileEffect>();
    if (file == nullptr || file->mode.empty()) continue;
    found = true;
    if (!is_within(file->path.text, "/dev") && !timeline.is_mode_undone(i)) return false;
  }
  return found;
}

// Writes `mode` instead; none where the word is put together from parts.
std::optional<Edit> set_mode(const Command& command, const ShellWord& word, Span place,
                             const std::string& mode) {
  const Value value = word.value();
  if (value.variables.empty()) {
    const bool quoted = command.run().is_json() && place == word.span();
    return replace(place, quoted ? "\"" + mode + "\"" : mode);
  }
  const bool whole = word.pieces().size() == 1 && word.pieces().front().operation.empty();
  const auto definition = command.run().definition(value.variables.front());
  const auto at = whole && definition ? definition->value() : std::nullopt;
  if (!at || at->has_variable()) return std::nullopt;
  return replace(*at, mode);
}

void check(const Command& command, Report& report) {
  const auto change = change_of(command);
  const auto mode = change ? mode_of(*change) : std::nullopt;
  if (!mode || !mode->world_writable() || mode->sticky()) return;
  const auto targets = targets_of(command, *change);
  const auto all = [&](auto holds) {
    return !targets.empty() && std::ranges::all_of(targets, holds);
  };
  if (is_harmless(command)) return;

  const bool shared = all(is_shared_folder);
  const bool one = targets.size() == 1 && targets.front().find('$') == std::string::npos;
  const std::string what = one ? targets.front() : "these files";
  const std::string message =
      change->is_mask ? "umask " + change->text + " leaves new files for every user to change"
      : shared        ? "Mode " + change->text + " on " + what +
                     " lets every user delete the files of others: the sticky bit is missing"
               : "Mode " + change->text + " lets every user in the container change " + what;
  const ShellWord word = command.arguments()[change->argument];
  const Span place = place_of(word, *change);
  auto finding = report.at(place, message);
  if (command.conditional()) finding.severity(Severity::info);
  finding.origins(command.run(), word.value().variables, "the mode comes from here");
  const std::string tight = shared ? "1777" : mode->tightened();
  if (const auto edit = set_mode(command, word, place, tight)) {
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
`RUN` deletes or sets anew, since that gets into no layer. In a branch or a loop of the shell it is an
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
