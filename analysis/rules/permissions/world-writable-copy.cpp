#include <string>

#include "analysis/rule.h"
#include "analysis/rules/written_modes.h"

namespace bulkhead::rules {
namespace {

void check_transfer(const Instruction& transfer, Report& report) {
  const auto written = written_mode(transfer);
  if (!written || !written->mode.world_writable() || written->mode.sticky()) return;
  auto finding = report.at(written->place, "Mode " + written->text +
                                               " lets every user in the container change " +
                                               written->targets.front());
  finding.origins(transfer, written->variables, "the mode comes from here");
  const std::string& tight = written->mode.tightened();
  if (const auto edit = replace_mode(*written, tight)) {
    finding.fix(Safety::unsafe, "Use mode " + tight, *edit);
  }
}

void check_copy(const Copy& copy, Report& report) {
  check_transfer(copy, report);
}

void check_add(const Add& add, Report& report) {
  check_transfer(add, report);
}

}  // namespace

extern constinit const Rule world_writable_copy{
    .id = "world-writable-copy",
    .title = "Files copied so that everyone may change them",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"sonar:S2612", "sonar:S6504"},
    .why = R"(
`--chmod=777` lets every process of the container, whoever it runs as, change or replace what is copied.
A fault in one program is then enough to put code into another, and to have it run as the user who starts
that one, be it root.

Modes in octal and in symbols are read, and those that a variable holds. A mode with the sticky bit, such
as 1777 for a folder for temporary files, is fine.

The fix takes the right to write from group and others. It is unsafe: a process of another user may count
on writing there; give it the file by `--chown` instead.
)",
    .bad = R"(
FROM debian:13
COPY --chmod=777 entrypoint.sh /usr/local/bin/
)",
    .good = R"(
FROM debian:13
COPY --chmod=755 entrypoint.sh /usr/local/bin/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
                   "https://cwe.mitre.org/data/definitions/732.html"},
    .checks = each<check_copy, check_add>,
};

}  // namespace bulkhead::rules
