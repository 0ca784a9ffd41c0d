#include "analysis/suppressions.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/engine.h"
#include "analysis/rule.h"
#include "analysis/text/ascii.h"

namespace bulkhead {
namespace {

// How one tool writes it: `prefix`, a list separated by commas up to a blank or one of `stops`.
struct Syntax {
  std::string_view prefix;  // compared without blanks in it and without regard to case
  std::string_view tool;    // of the aliases; empty for our own names
  bool whole_file = false;
  std::string_view stops = {};
};

constexpr Syntax syntaxes[] = {
    {"bulkhead:ignore=", "", false},         {"bulkhead:ignore-file=", "", true},
    {"hadolintignore=", "hadolint", false},  {"hadolintglobalignore=", "hadolint", true},
    {"check=skip=", "buildkit", true, ";"},  {"trivy:ignore:", "trivy", false, ":"},
    {"checkov:skip=", "checkov", true, ":"}, {"kics-scandisable=", "kics", true},
    {"tallyignore=", "tally", false, ";"},   {"tallyglobalignore=", "tally", true, ";"},
};

// The rest of `comment` behind `prefix`, blanks before and inside of which do not count.
std::optional<std::string_view> behind(std::string_view comment, std::string_view prefix) {
  std::size_t at = 0;
  for (const char c : prefix) {
    while (at < comment.size() && is_blank(comment[at])) ++at;
    if (at == comment.size() || lower_case(comment[at]) != c) return std::nullopt;
    ++at;
  }
  return comment.substr(at);
}

// Calls `each` with the names of a list such as "DL3020, DL3007 because".
template <class Function>
void for_each_name(std::string_view list, std::string_view stops, Function each) {
  const std::string ends = " \t\r," + std::string(stops);
  while (true) {
    list = trimmed(list);
    const std::size_t size = std::min(list.find_first_of(ends), list.size());
    if (size > 0) each(list.substr(0, size));
    list = trimmed(list.substr(size));
    if (!list.starts_with(',')) return;
    list.remove_prefix(1);
  }
}

std::string_view comment_text(std::string_view line) {
  line = trimmed(line);
  line.remove_prefix(std::min(line.find_first_not_of('#'), line.size()));
  return trimmed(line);
}

}  // namespace

Suppressions::Suppressions(const Document& document) {
  std::vector<Span> instructions;
  for (const Instruction& instruction : document.instructions()) {
    if (!instruction.is_trigger()) instructions.push_back(instruction.span());
  }
  const auto read = [&](std::string_view comment, std::optional<Span> holds_for) {
    if (behind(comment, "kics-scanignore-line") && holds_for)
      entries_.push_back({nullptr, false, *holds_for});
    for (const Syntax& syntax : syntaxes) {
      const auto list = behind(comment, syntax.prefix);
      if (!list || (!syntax.whole_file && !holds_for)) continue;
      for_each_name(*list, syntax.stops, [&](std::string_view name) {
        if (equals_ignoring_case(name, "all")) {
          entries_.push_back({nullptr, syntax.whole_file, holds_for.value_or(Span{})});
        }
        for (const Rule* rule : rules_named(name, syntax.tool)) {
          entries_.push_back({rule, syntax.whole_file, holds_for.value_or(Span{})});
        }
      });
    }
  };

  // Comments and instructions are both in document order: one walk finds the instruction of each
  // comment.
  std::size_t next = 0;
  for (const Span comment : document.comments()) {
    while (next < instructions.size() && instructions[next].end <= comment.begin) ++next;
    read(comment_text(document.text().substr(comment.begin, comment.size())),
         next < instructions.size() ? std::optional(instructions[next]) : std::nullopt);
  }
  for (const Document::Directive& directive : document.directives()) {
    if (directive.name == "check") read("check=" + directive.value, std::nullopt);
  }
}

bool Suppressions::covers(const Finding& finding) const {
  for (const Entry& entry : entries_) {
    if (entry.rule && entry.rule != finding.rule) continue;
    if (entry.whole_file) return true;
    if (entry.instruction.begin <= finding.span.begin &&
        finding.span.begin <= entry.instruction.end)
      return true;
  }
  return false;
}

}  // namespace bulkhead
