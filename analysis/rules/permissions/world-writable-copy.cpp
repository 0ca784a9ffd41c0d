#include <optional>
#include <string>
#include <vector>

#include "analysis/rule.h"
#include "analysis/shell/commands/modes.h"

namespace bulkhead::rules {
namespace {

// The word to change: the flag's own value, or the default of the one variable that it consists of.
std::optional<Word> written_at(const Instruction& instruction, const Word& word,
                               const std::vector<std::string>& variables) {
  if (variables.empty()) return word;
  const std::string& name = variables.front();
  if (variables.size() > 1 || (word.text() != "$" + name && word.text() != "${" + name + "}"))
    return std::nullopt;
  const auto definition = instruction.definition(name);
  const auto value = definition ? definition->value() : std::nullopt;
  return value && !value->has_variable() ? value : std::nullopt;
}

void check_transfer(const Instruction& transfer, Report& report) {
  const auto flag = transfer.flag("chmod");
  const auto word = flag ? flag->value() : std::nullopt;
  if (!word || transfer.words().empty()) return;
  const Value value = word->value();
  const auto mode = value.known ? shell::parse_mode(value.text) : std::nullopt;
  if (!mode || !mode->world_writable() || mode->sticky()) return;

  const std::string to = transfer.words().back().value().text;
  auto finding =
      report.at(*word, "Mode " + value.text + " lets every user in the container change " + to);
  finding.origins(transfer, value.variables, "the mode comes from here");
  if (const auto place = written_at(transfer, *word, value.variables)) {
    const std::string tight = mode->tightened();
    finding.fix(Safety::unsafe, "Use mode " + tight, replace(*place, tight));
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
