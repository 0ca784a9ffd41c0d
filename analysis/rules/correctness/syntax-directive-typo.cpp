#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "analysis/facts/lookup.h"
#include "analysis/rule.h"
#include "analysis/rules/directives.h"
#include "analysis/text/ascii.h"
#include "analysis/text/spelling.h"

namespace bulkhead::rules {
namespace {

// What makes a comment of this form a directive rather than prose: a value that one could have.
bool has_likely_value(std::string_view name, std::string_view value) {
  if (value.find(' ') != std::string_view::npos) return false;
  if (name == "escape") return value == "\\" || value == "`";
  if (name == "check") return value.starts_with("skip=") || value.starts_with("error=");
  return value.find('/') != std::string_view::npos;  // docker/dockerfile:1
}

// Whether a line of the file is continued by the escape character that is in force: with another one, the file
// would be another.
bool has_continuation(const Document& document) {
  return facts::any_part(document.text(), '\n', [&](std::string_view line) {
    return trimmed(line).ends_with(document.escape());
  });
}

void check(const Document& document, Report& report) {
  const DirectiveLines& lines = report.view<DirectiveLines>(document);
  const auto instructions = document.instructions();
  // Behind a shebang nothing lets an escape character count.
  const bool may_escape = !lines.has_shebang && !has_continuation(document);
  for (const DirectiveLine& line : lines.comments) {
    const bool exact = is_directive(line.name);
    const auto nearest = exact ? std::optional<std::string_view>(line.name)
                               : nearest_spelling(line.name, {"syntax", "escape", "check"});
    if (!nearest || !has_likely_value(*nearest, line.value)) continue;
    // A comment between instructions that looks like one may be an old line, kept for reading.
    if (!instructions.empty() && line.line.begin > instructions.front().begin() && !exact) continue;
    const bool given = std::ranges::any_of(
        lines.read, [&](const DirectiveLine& read) { return read.name == *nearest; });
    if (given) continue;
    const bool can_count = *nearest != "escape" || may_escape;
    if (!exact && line.line.begin == lines.end) {
      auto finding = report.at(
          line.name_place,
          fmt::format("{} is no directive, so this is a comment; {} is one", line.name, *nearest));
      if (can_count)
        finding.fix(Safety::unsafe, fmt::format("Replace with {}", *nearest),
                    replace(line.name_place, std::string(*nearest)));
      continue;
    }
    if (!exact) continue;
    const std::string text(document.text().substr(line.line.begin, line.line.size()));
    const std::uint32_t behind = std::min<std::uint32_t>(
        line.line.end +
            static_cast<std::uint32_t>(document.text().substr(line.line.end, 2) == "\r\n" ? 2 : 1),
        static_cast<std::uint32_t>(document.text().size()));
    auto finding = report.at(
        line.name_place,
        fmt::format("This is only a comment: {} counts in the first lines of the file alone",
                    line.name));
    if (can_count)
      finding.fix(Safety::unsafe, "Move it to the top",
                  {replace({lines.end, lines.end}, text + std::string(document.line_end())),
                   replace({line.line.begin, behind}, "")});
  }
}

}  // namespace

extern constinit const Rule syntax_directive_typo{
    .id = "syntax-directive-typo",
    .title = "Parser directive that is only a comment",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"tally:syntax-directive-typo"},
    .why = R"(
Parser directives (`# syntax=`, `# escape=`, `# check=`) look like comments, and are taken for comments when
their name is misspelt, or when anything stands above them: an instruction, another comment, even an empty
line. The builder then goes on without a word: with another syntax, or another escape character.

Behind a shebang (`#!/usr/bin/env -S docker build -f`) `syntax` and `check` count as on top, and `escape` does not.

A line of that form with a value that no directive has is taken for prose. The fix makes the directive
count, which may change how the whole file is read; so it is unsafe. There is none for `escape` where a line of the
file is continued by the character that is in force now.
)",
    .bad = R"(
# An image for tests.
# syntax=docker/dockerfile:1
FROM scratch
)",
    .good = R"(
# syntax=docker/dockerfile:1
# An image for tests.
FROM scratch
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#parser-directives"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
