#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/json_form.h"
#include "analysis/rules/word_faults.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

bool splits_at_blanks(const Instruction& instruction) {
  return instruction.kind() == Keyword::add || instruction.kind() == Keyword::copy ||
         instruction.kind() == Keyword::volume;
}

// COPY "my file" /app: the words that the quotes were meant to hold together. None where the
// quotes do not close over the line either.
std::vector<std::string> meant_words(const Instruction& instruction) {
  std::vector<std::string> members;
  for (const std::string_view word :
       quoted_words(arguments(instruction), instruction.document().escape())) {
    // A comment, which needs a line of its own.
    if (word[0] == '#' && members.size() > 1) break;
    const bool starts = word[0] == '"' || word[0] == '\'';
    const bool quoted = starts && word.size() > 1 && word.back() == word[0];
    const std::string_view content = quoted ? word.substr(1, word.size() - 2) : word;
    if (content.find_first_of("\"'<\\") != std::string_view::npos) return {};
    members.emplace_back(content);
  }
  return members.size() > 1 || instruction.kind() == Keyword::volume ? members
                                                                     : std::vector<std::string>();
}

void tell(const WordFault& fault, Report& report) {
  const Instruction& instruction = fault.instruction;
  const std::string keyword = upper_case(instruction.keyword().text());
  const std::string quote(1, fault.text.empty() ? '"' : fault.text[0]);
  const auto members =
      splits_at_blanks(instruction) ? meant_words(instruction) : std::vector<std::string>();
  if (members.empty()) {
    report
        .at(fault.place, fmt::format("This {} opens a quote that {} never closes", quote, keyword))
        .severity(fault_severity(instruction));
    return;
  }
  const Span all = place_of(instruction, arguments(instruction));
  const std::string json = to_json(members);
  report
      .at(fault.place, fmt::format("{} ends its words at blanks, so this {} is never closed; "
                                   "a path with blanks needs the JSON form",
                                   keyword, quote))
      .severity(fault_severity(instruction))
      .fix(Safety::unsafe, fmt::format("Write it as {}", json), replace(all, json));
}

// One finding an instruction: a quote that is open swallows what follows.
void check(const Instruction& instruction, Report& report) {
  const auto& faults = report.view<WordFaults>(instruction).faults;
  const auto fault = std::ranges::find(faults, ExpansionFault::Kind::open_quote, &WordFault::kind);
  if (fault != faults.end()) tell(*fault, report);
}

}  // namespace

extern constinit const Rule unterminated_quote{
    .id = "unterminated-quote",
    .title = "Quote that is never closed",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:SYNTAX_MISSING_SINGLE_QUOTE",
                "dockerfile-utils:SYNTAX_MISSING_DOUBLE_QUOTE", "hadolint:DL1000"},
    .why = R"(
Where the builder expands variables it also reads quotes, and a quote that no other closes ends the build.
It may be an apostrophe: `LABEL note it's mine`. Escaped, as `\'`, or within double quotes it is text.

`COPY`, `ADD`, `VOLUME`, `EXPOSE` and `FROM` end their words at blanks, in quotes, too. So `COPY "my file" /app/`
fails, and the JSON form is the way to write a path with blanks. The fix does that, and drops what was meant for
a comment behind it; as it guesses which quotes belong together, it is unsafe.
)",
    .bad = R"(
FROM debian:13-slim
COPY "my file" /app/
)",
    .good = R"(
FROM debian:13-slim
COPY ["my file", "/app/"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#environment-replacement",
                   "https://docs.docker.com/reference/dockerfile/#copy"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
