#include "analysis/suppressions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    {"nosemgrep:", "semgrep", false},
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

// What names mean. Each is looked up once, for that goes through all rules; of more different ones than anybody
// writes the first ones count.
class Names {
 public:
  // As rules_named(). `name` and `tool` outlive this.
  std::span<const Rule* const> rules(std::string_view name, std::string_view tool) {
    const std::pair key(name, tool);
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    if (known_.size() == most) return {};
    return known_.emplace(key, rules_named(name, tool)).first->second;
  }

 private:
  static constexpr std::size_t most = 1000;

  std::map<std::pair<std::string_view, std::string_view>, std::vector<const Rule*>> known_;
};

}  // namespace

Suppressions::Suppressions(const Snapshot& snapshot) {
  Names names;
  for (const auto& [span, subject] : snapshot.remarks()) {
    const std::string_view comment = comment_text(snapshot.text(span));
    const auto semgrep = behind(comment, "nosemgrep");
    const bool ignores_all = behind(comment, "kics-scanignore-line") ||
                             behind(comment, "kics-scanignore-block") ||
                             (semgrep && !semgrep->starts_with(':'));
    if (ignores_all && subject) entries_.insert({nullptr, false, *subject});
    if (behind(comment, "kics-scanignore") == "") entries_.insert({nullptr, true, {}});
    for (const Syntax& syntax : syntaxes) {
      const auto list = behind(comment, syntax.prefix);
      if (!list || (!syntax.whole_file && !subject)) continue;
      for_each_name(*list, syntax.stops, [&](std::string_view name) {
        if (equals_ignoring_case(name, "all")) {
          entries_.insert({nullptr, syntax.whole_file, subject.value_or(Span{})});
        }
        for (const Rule* rule : names.rules(name, syntax.tool)) {
          entries_.insert({rule, syntax.whole_file, subject.value_or(Span{})});
        }
      });
    }
  }
}

bool Suppressions::covers(const Finding& finding) const {
  for (const Entry& entry : entries_) {
    if (entry.rule && entry.rule != finding.rule) continue;
    if (entry.whole_file) return true;
    if (entry.subject.begin <= finding.span.begin && finding.span.begin <= entry.subject.end)
      return true;
  }
  return false;
}

}  // namespace bulkhead
