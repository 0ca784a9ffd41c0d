#include "analysis/suppressions.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/engine.h"
#include "analysis/facts/lookup.h"
#include "analysis/model/document.h"
#include "analysis/rule.h"
#include "analysis/text/ascii.h"
#include "analysis/text/date.h"
#include "analysis/text/line_begin.h"

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
    {"bulkhead:ignore=", "", false},
    {"bulkhead:ignore-file=", "", true},
    {"hadolintignore=", "hadolint", false},
    {"hadolintglobalignore=", "hadolint", true},
    {"checkov:skip=", "checkov", true, ":"},
    {"tallyignore=", "tally", false, ";"},
    {"tallyglobalignore=", "tally", true, ";"},
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

// Whether a comment may silence anything: it begins with what the names of these tools begin with.
bool may_silence(std::string_view comment) {
  return std::string_view("bchknt").find(lower_case(comment.substr(0, 1))) !=
         std::string_view::npos;
}

bool one_may_silence(const Document& document, std::span<const Span> comments) {
  return std::ranges::any_of(
      comments, [&](Span comment) { return may_silence(comment_text(document.text(comment))); });
}

// The first byte of the first line that is no comment.
std::uint32_t end_of_top(std::string_view text) {
  std::uint32_t at = line_begin(text, 0);
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trimmed(text.substr(at, end - at));
    if (!line.empty() && !line.starts_with('#') && line != "---") break;
    at = static_cast<std::uint32_t>(std::min(end + 1, text.size()));
  }
  return at;
}

// What a comment for one instruction silences; above FROM its stage, if it is for a block.
Span block(const Snapshot& snapshot, Span subject) {
  const auto* document = dynamic_cast<const Document*>(&snapshot);
  if (document == nullptr) return subject;
  for (const Stage& stage : document->stages()) {
    if (stage.span() != subject) continue;
    for (const Instruction& instruction : stage.instructions())
      subject.end = std::max(subject.end, instruction.span().end);
  }
  return subject;
}

}  // namespace

// Reads the comments of a file.
class Suppressions::Reader {
 public:
  Reader(Suppressions& read, const Snapshot& snapshot,
         std::optional<std::chrono::year_month_day> today)
      : read_(read), snapshot_(snapshot), today_(today), top_(end_of_top(snapshot.text())) {}

  void remark(const Snapshot::Remark& remark) {
    const std::string_view comment = comment_text(snapshot_.text(remark.comment));
    if (!may_silence(comment)) return;
    for (const Syntax& syntax : syntaxes) {
      const auto list = behind(comment, syntax.prefix);
      if (!list || (!syntax.whole_file && !remark.subject)) continue;
      for_each_name(*list, syntax.stops, [&](std::string_view name) {
        silence(name, syntax.tool, syntax.whole_file ? std::nullopt : remark.subject);
      });
    }
    if (const auto command = behind(comment, "kics-scan")) kics(trimmed(*command), remark);
    if (!remark.subject) return;
    trivy(comment, *remark.subject);
    const auto rest = behind(comment, "nosemgrep");
    if (rest && !rest->starts_with(':')) add(nullptr, remark.subject);
  }

  // BuildKit's `# check=skip=A,B;error=true`.
  void directive(const Document::Directive& directive) {
    if (directive.name != "check") return;
    facts::any_part(directive.value, ';', [&](std::string_view option) {
      if (const auto list = behind(option, "skip="))
        for_each_name(*list, {}, [&](std::string_view name) { silence(name, "buildkit", {}); });
      return false;
    });
  }

 private:
  // `subject`: where; none for the whole file.
  void add(const Rule* rule, std::optional<Span> subject) {
    Places& places = read_.by_rule_[rule];
    if (subject) {
      places.spans.push_back(*subject);
    } else {
      places.whole_file = true;
    }
  }

  void silence(std::string_view name, std::string_view tool, std::optional<Span> subject) {
    const bool all = equals_ignoring_case(name, "all");
    if (all && tool.empty()) return add(nullptr, subject);
    for (const Rule* rule : rules(all ? "*" : name, tool)) add(rule, subject);
  }

  // One comment may name several rules, each with a day until when: `trivy:ignore:DS-0002:exp:2027-01-31`.
  void trivy(std::string_view comment, Span subject) {
    facts::any_part(comment, ' ', [&](std::string_view word) {
      const auto ignored = behind(word, "trivy:ignore:");
      if (!ignored) return false;
      const std::size_t expires = ignored->find(":exp:");
      if (expires != std::string_view::npos) {
        const auto day = parse_date(ignored->substr(expires + 5, 10));
        if (!day || (today_ && *day <= *today_)) return false;
      }
      for_each_name(*ignored, ":[",
                    [&](std::string_view name) { silence(name, "trivy", subject); });
      return false;
    });
  }

  void kics(std::string_view command, const Snapshot::Remark& remark) {
    if (remark.subject && command.starts_with("ignore-line")) add(nullptr, remark.subject);
    if (remark.subject && command.starts_with("ignore-block"))
      add(nullptr, block(snapshot_, *remark.subject));
    // The others count at the top of a file only.
    if (remark.comment.begin >= top_) return;
    if (command == "ignore") add(nullptr, std::nullopt);
    if (const auto list = behind(command, "disable="))
      for_each_name(*list, {}, [&](std::string_view name) { silence(name, "kics", {}); });
    if (const auto list = behind(command, "enable=")) {
      std::vector<const Rule*> enabled;
      for_each_name(*list, {}, [&](std::string_view name) {
        std::ranges::copy(rules(name, "kics"), std::back_inserter(enabled));
      });
      for (const Rule* rule : rules("*", "kics")) {
        if (std::ranges::find(enabled, rule) == enabled.end()) add(rule, std::nullopt);
      }
    }
  }

  // As rules_named(). Each name is looked up once, for that goes through all rules; of more different ones than
  // anybody writes the first ones count. `name` and `tool` outlive this.
  std::span<const Rule* const> rules(std::string_view name, std::string_view tool) {
    const std::pair key(name, tool);
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    if (known_.size() == most) return {};
    return known_.emplace(key, rules_named(name, tool)).first->second;
  }

  static constexpr std::size_t most = 1000;

  Suppressions& read_;
  const Snapshot& snapshot_;
  std::optional<std::chrono::year_month_day> today_;
  std::uint32_t top_;
  std::map<std::pair<std::string_view, std::string_view>, std::vector<const Rule*>> known_;
};

Suppressions::Suppressions(const Snapshot& snapshot,
                           std::optional<std::chrono::year_month_day> today, SharedViews& views) {
  Reader reader(*this, snapshot, today);
  const auto* document = dynamic_cast<const Document*>(&snapshot);
  if (document == nullptr) {
    for (const Snapshot::Remark& remark : snapshot.remarks()) reader.remark(remark);
    return;
  }
  for (const Document::Directive& directive : document->directives()) {
    reader.remark({directive.span, std::nullopt});
    reader.directive(directive);
  }
  for (const std::uint32_t below : views.below_comments<one_may_silence>(*document)) {
    std::optional<Span> subject;
    if (below < document->instructions().size()) subject = Instruction(*document, below).span();
    for (const Span comment : document->comments_above(below)) reader.remark({comment, subject});
  }
}

bool Suppressions::covers(const Finding& finding) const {
  const auto silences = [&](const Rule* rule) {
    const auto found = by_rule_.find(rule);
    if (found == by_rule_.end()) return false;
    const auto& [whole_file, spans] = found->second;
    return whole_file || std::ranges::any_of(spans, [&](Span span) {
             return span.begin <= finding.span.begin && finding.span.begin <= span.end;
           });
  };
  return silences(nullptr) || silences(finding.rule);
}

}  // namespace bulkhead
