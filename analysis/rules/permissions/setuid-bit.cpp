#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/written_modes.h"

namespace bulkhead::rules {
namespace {

// Whether a path is a program, by the folder that it lies in.
bool is_program(std::string_view path) {
  constexpr std::array<std::string_view, 3> folders = {"bin", "sbin", "libexec"};
  const std::size_t slash = path.rfind('/');
  return slash != std::string_view::npos && slash + 1 < path.size() &&
         std::ranges::find(folders, file_name(path.substr(0, slash))) != folders.end();
}

// What effects()[at] gives its mode to, as far as the build tells it.
enum class Kind : std::uint8_t { file, folder, unknown };
Kind kind_of(const Timeline& timeline, std::size_t at) {
  const FileEffect& file = *timeline.effects()[at].as<FileEffect>();
  if (file.kind == FileEffect::Kind::makes_folder) return Kind::folder;
  for (const std::size_t i : timeline.on_path(file.path.text, false)) {
    const FileEffect& other = *timeline.effects()[i].as<FileEffect>();
    if (i < at && other.kind == FileEffect::Kind::makes_folder) return Kind::folder;
    if (i <= at && other.kind == FileEffect::Kind::writes && !other.recursive) return Kind::file;
  }
  return is_program(file.path.text) ? Kind::file : Kind::unknown;
}

// In a folder the one bit does nothing, and the other only hands the group on.
bool concerns_programs(const WrittenMode& written) {
  const auto is_meant = [&](Kind kind) {
    return written.mode.setuid() ? kind != Kind::folder : kind == Kind::file;
  };
  if (written.effects.empty()) {
    return std::ranges::any_of(written.targets, [&](std::string_view path) {
      return is_meant(is_program(path) ? Kind::file : Kind::unknown);
    });
  }
  const Timeline& timeline = written.instruction.stage()->effects();
  return std::ranges::any_of(written.effects,
                             [&](std::size_t at) { return is_meant(kind_of(timeline, at)); });
}

// Whether the same layer gives all of them another owner afterwards, which clears the bits of files.
bool is_cleared(const WrittenMode& written) {
  if (written.effects.empty()) return false;
  const Timeline& timeline = written.instruction.stage()->effects();
  return std::ranges::all_of(written.effects, [&](std::size_t at) {
    const Effect& effect = timeline.effects()[at];
    const auto later = timeline.on_path(effect.as<FileEffect>()->path.text);
    return std::ranges::any_of(later, [&](std::size_t i) {
      const Effect& other = timeline.effects()[i];
      return i > at && other.certain && other.layer == effect.layer &&
             other.as<FileEffect>()->kind == FileEffect::Kind::sets_owner;
    });
  });
}

// The one file that is meant; empty where there are several, or its name is not known.
std::string only_file(const WrittenMode& written) {
  std::string path;
  if (written.effects.size() == 1) {
    const auto& effects = written.instruction.stage()->effects().effects();
    const FileEffect& file = *effects[written.effects.front()].as<FileEffect>();
    if (!file.filtered) path = file.path.text;
  } else if (written.effects.empty() && written.targets.size() == 1) {
    path = written.targets.front();
  }
  return path.find_first_of("$*?[{") == std::string::npos ? path : "";
}

void report_on(const WrittenMode& written, const std::optional<Command>& command, Report& report) {
  const shell::Mode& mode = written.mode;
  if (written.is_mask || (!mode.setuid() && !mode.setgid())) return;
  if (is_undone(written) || is_cleared(written) || !concerns_programs(written)) return;
  const std::string one = only_file(written);
  const std::string_view whose = !mode.setgid()   ? "owner"
                                 : !mode.setuid() ? "group"
                                                  : "owner and group";
  auto finding =
      report.at(written.place,
                fmt::format("With mode {} {} with the rights of {} {}, whoever starts {}",
                            written.text, one.empty() ? "these files run" : one + " runs",
                            one.empty() ? "their" : "its", whose, one.empty() ? "them" : "it"));
  if (command && command->conditional()) finding.severity(Severity::info);
  finding.origins(written.instruction, written.variables, "the mode comes from here");
  const std::string& rest = mode.without_set_id();
  if (!rest.empty()) {
    if (const auto edit = replace_mode(written, rest))
      finding.fix(Safety::unsafe, "Use mode " + rest, *edit);
  } else if (const auto edit = command ? remove_command(*command) : std::nullopt) {
    finding.fix(Safety::unsafe, "Leave the bit unset", *edit);
  }
}

void check_command(const Command& command, Report& report) {
  if (const auto written = written_mode(command)) report_on(*written, command, report);
}

void check_copy(const Copy& copy, Report& report) {
  if (const auto written = written_mode(copy)) report_on(*written, std::nullopt, report);
}

void check_add(const Add& add, Report& report) {
  if (const auto written = written_mode(add)) report_on(*written, std::nullopt, report);
}

}  // namespace

extern constinit const Rule setuid_bit{
    .id = "setuid-bit",
    .title = "A program that runs with the rights of its owner",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"dockle:CIS-DI-0008", "cis:4.8"},
    .why = R"(
A file with the setuid bit runs as its owner, mostly root, whoever starts it; with the setgid bit, with the
rights of its group. One fault in such a program, or one option that runs another, and an ordinary user of
the container is root: all that `USER` was set for is lost. An image seldom needs even those that its base
brings.

Read are `chmod`, `install -m` and `--chmod`, in octal and in symbols. The rule is silent for folders, where
setgid hands the group on to new files (2775, `g+s`), for setgid on what is not known to be a program, and
for what the same `RUN` deletes or sets anew. In a branch or a loop of the shell it is an `info`. The programs
that a base image brings are not looked at.

Ignore it where that is what the program is for and `no-new-privileges` is not set: `newuidmap` of a builder
that runs without root. For a server that only wants a port below 1024, `setcap cap_net_bind_service=+ep`
gives that right and no other.

The fix leaves the bits out. It is unsafe, for the program may then be refused what it is there to do.
)",
    .bad = R"(
FROM debian:13
COPY --chmod=4755 mount-share /usr/local/bin/
USER 10001
)",
    .good = R"(
FROM debian:13
COPY --chmod=755 mount-share /usr/local/bin/
USER 10001
)",
    .references = {"https://man7.org/linux/man-pages/man7/inode.7.html",
                   "https://docs.docker.com/reference/cli/docker/container/run/#security-opt"},
    .checks = each<check_command, check_copy, check_add>,
};

}  // namespace bulkhead::rules
