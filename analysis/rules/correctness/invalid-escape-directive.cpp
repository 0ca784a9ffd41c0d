#include <fmt/format.h>

#include "analysis/rule.h"
#include "analysis/rules/directives.h"

namespace bulkhead::rules {
namespace {

void check(const Document& document, Report& report) {
  const DirectiveLine* first = nullptr;
  for (const DirectiveLine& line : report.view<DirectiveLines>(document).read) {
    if (line.name != "escape") continue;
    if (first) {
      report.at(line.line, "The escape directive may stand here once only")
          .related(first->line, "the first one");
    } else if (line.value != "\\" && line.value != "`") {
      report.at(line.value_place,
                fmt::format("The escape character is \\ or `, it cannot be {}", line.value));
    }
    first = &line;
  }
}

}  // namespace

extern constinit const Rule invalid_escape_directive{
    .id = "invalid-escape-directive",
    .title = "escape directive with another character, or given twice",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:INVALID_ESCAPE_DIRECTIVE",
                "dockerfile-utils:DUPLICATED_ESCAPE_DIRECTIVE"},
    .why = R"(
The `escape` directive chooses the character that continues a line: a backslash, or a backtick, which is
handy where paths are those of Windows. The builder refuses every other value, and a second directive.
)",
    .bad = R"(
# escape=^
FROM mcr.microsoft.com/windows/nanoserver:ltsc2025
)",
    .good = R"(
# escape=`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2025
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#escape"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
