#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/heredoc_faults.h"
#include "analysis/rules/spelling.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view no_break_space = "\xC2\xA0";

bool is_conflict_mark(std::string_view keyword) {
  return keyword == "<<<<<<<" || keyword == "=======" || keyword == ">>>>>>>";
}

// Lines in a row that are no instructions and look like none: mostly the rest of a command.
struct Stray {
  std::optional<Instruction> above;  // right above the first of them
  std::vector<Instruction> lines;
};

// A continuation at the end of each line but the last takes them all into the instruction above.
std::vector<Edit> join(const Stray& stray) {
  const std::string mark = std::string(" ") + stray.above->document().escape();
  std::vector<Edit> edits;
  const auto add = [&](const Instruction& line) {
    edits.push_back(replace({line.span().end, line.span().end}, mark));
  };
  add(*stray.above);
  for (std::size_t i = 0; i + 1 < stray.lines.size(); ++i) add(stray.lines[i]);
  return edits;
}

// Whether only comments stand between the two: no empty line, nothing on the line of either.
bool is_adjacent(const Instruction& above, const Instruction& below) {
  const std::string_view text = below.document().text();
  std::string_view between = text.substr(above.span().end, below.begin() - above.span().end);
  const auto feed = between.find('\n');
  if (feed == std::string_view::npos) return false;
  between.remove_prefix(feed + 1);
  while (true) {
    const auto end = between.find('\n');
    const std::string_view line = trimmed(between.substr(0, end));
    if (end == std::string_view::npos) return line.empty();
    if (!line.starts_with('#')) return false;
    between.remove_prefix(end + 1);
  }
}

bool takes_more_lines(const Instruction& above) {
  return above.kind() == Keyword::run || above.kind() == Keyword::env ||
         above.kind() == Keyword::label || above.kind() == Keyword::cmd ||
         above.kind() == Keyword::entrypoint || above.kind() == Keyword::copy;
}

void tell(const Stray& stray, Report& report) {
  const Instruction& first = stray.lines.front();
  const std::string_view keyword = first.keyword().text();
  const std::string rest =
      stray.lines.size() == 1 ? ""
      : stray.lines.size() == 2
          ? ", and the line below begins with none either"
          : fmt::format(", and the {} lines below begin with none either", stray.lines.size() - 1);
  if (keyword.empty()) {
    report
        .at(first.span(),
            "Nothing follows here: the builder takes this for an instruction without a name")
        .fix(Safety::safe, "Remove the line", remove(first));
    return;
  }
  if (keyword.starts_with("//")) {
    const Span slashes = first.keyword().part(0, 2);
    auto finding = report.at(first.keyword(), "A comment begins with #, not with //" + rest);
    if (stray.lines.size() == 1)
      finding.fix(Safety::unsafe, "Replace // with #", replace(slashes, "#"));
    return;
  }
  const bool continues = stray.above && takes_more_lines(*stray.above) &&
                         stray.above->data().heredocs.empty() && !stray.above->is_json();
  if (!continues) {
    report.at(first.keyword(), fmt::format("{} is no instruction{}", keyword, rest));
    return;
  }
  if (const auto heredoc = hidden_heredoc(*stray.above)) {
    const std::string marker(first.document().text(heredoc->marker));
    auto finding = report.at(
        first.keyword(),
        fmt::format("{} is no instruction{}; the builder sees no heredoc in the line above{}",
                    keyword, rest,
                    heredoc->needs_blank ? ": it needs a blank in front of " + marker : ""));
    const std::uint32_t begin = heredoc->marker.begin;
    if (heredoc->needs_blank)
      finding.fix(Safety::unsafe, fmt::format("Put a blank in front of {}", marker),
                  replace({begin, begin}, " "));
    return;
  }
  const char escape = first.document().escape();
  report
      .at(first.keyword(),
          fmt::format("{} is no instruction{}; to go on with {}, the line above must end with {}",
                      keyword, rest, stray.above->keyword().text(), escape))
      .fix(Safety::unsafe, fmt::format("Continue {} here", stray.above->keyword().text()),
           join(stray));
}

bool is_unknown(const Instruction& instruction) {
  return instruction.kind() == Keyword::unknown;
}

void check(const Document& document, Report& report) {
  if (report.instructions<is_unknown>(document).empty()) return;
  if (report.view<TemplateMarks>(document).found) return;
  const auto& unclosed = report.view<UnclosedHeredocs>(document).first;
  std::optional<Instruction> above;
  Stray stray;
  bool in_conflict = false;
  const auto end = [&] {
    if (!stray.lines.empty()) tell(stray, report);
    stray = {};
  };
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.is_trigger()) continue;
    // What stands below a heredoc that is not closed may be meant as its body.
    if (unclosed && instruction.index() > unclosed->instruction.index()) break;
    const Word keyword = instruction.keyword();
    const std::size_t broken = keyword.text().find(no_break_space);
    const bool known = instruction.kind() != Keyword::unknown;
    const auto nearest = known ? std::nullopt : nearest_keyword(keyword.text());
    const bool adjacent = above && is_adjacent(*above, instruction);
    if (known) {
      end();
    } else if (is_conflict_mark(keyword.text())) {
      end();
      // One finding for each conflict, at its first mark.
      if (keyword.text()[0] == '<' || !in_conflict)
        report.at(keyword, "A merge conflict was left here; keep one of its two sides");
      in_conflict = keyword.text()[0] != '>';
    } else if (broken != std::string_view::npos &&
               keyword_of(keyword.text().substr(0, broken)) != Keyword::unknown) {
      end();
      report
          .at(keyword, fmt::format("A no-break space follows {}; the builder takes it for a letter",
                                   keyword.text().substr(0, broken)))
          .fix(Safety::safe, "Replace it with a blank",
               replace(keyword.part(broken, no_break_space.size()), " "));
    } else if (nearest) {
      end();
      report.at(keyword, fmt::format("{} is no instruction; {} is", keyword.text(), *nearest))
          .fix(Safety::unsafe, fmt::format("Replace with {}", *nearest),
               replace_keyword(keyword, *nearest));
    } else {
      if (!adjacent) end();
      if (stray.lines.empty() && adjacent && above->kind() != Keyword::unknown) stray.above = above;
      stray.lines.push_back(instruction);
    }
    above = instruction;
  }
  end();
}

}  // namespace

extern constinit const Rule unknown_instruction{
    .id = "unknown-instruction",
    .title = "Unknown or misspelt instruction",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:UNKNOWN_INSTRUCTION", "dockerfilelint:invalid_command",
                "dockerfilelint:invalid_line", "dockerlint:unknown_instruction", "slim:ID.20000",
                "slim:ID.20007", "sonar:S2260", "tally:unknown-instruction", "hadolint:DL1000"},
    .why = R"(
The builder stops at a line that does not begin with one of its instructions. Either the keyword is
misspelt, or the line was meant to go on with the instruction above it, whose last line then lacks the
escape character (`\`) at its end.

It may also be the body of a heredoc that only a shell would see: the builder wants a blank in front of `<<`, knows
heredocs in `RUN`, `COPY` and `ADD` alone, and none within quotes.

The fix is a guess: the keyword that is spelt most alike, that missing escape character, or that blank. Lines in a row
that begin with no keyword are one finding. The rule is silent in templates, where a line like `{{ ... }}`
is replaced before a builder sees the file.
)",
    .bad = R"(
FROM debian:13-slim
COPYY app /usr/local/bin/
)",
    .good = R"(
FROM debian:13-slim
COPY app /usr/local/bin/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#overview"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
