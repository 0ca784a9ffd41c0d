#include <optional>
#include <string>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/json_form.h"

namespace bulkhead::rules {
namespace {

// The words without their quotes; none where they may mean something else: an escape, quotes inside of one, a
// comment.
std::optional<std::vector<std::string>> plain_words(std::string_view text, char escape) {
  const std::string marks = std::string("\"'") + escape;
  std::vector<std::string> words;
  for (std::string_view word : quoted_words(text, escape)) {
    const bool quoted =
        word.size() > 1 && (word[0] == '"' || word[0] == '\'') && word.back() == word[0];
    if (quoted) word = word.substr(1, word.size() - 2);
    const bool is_comment = !quoted && word.starts_with('#');
    if (is_comment || word.find_first_of(marks) != word.npos) return std::nullopt;
    words.emplace_back(word);
  }
  return words;
}

void check(const Shell& shell, Report& report) {
  const std::string_view text = arguments(shell);
  if (shell.is_json() || text.empty() || is_array_of_others(text)) return;
  const auto meant = meant_array(text);
  const std::string message = meant ? "This is no JSON array, which SHELL needs: " + meant->problem
                                    : "SHELL must be followed by a JSON array";
  auto finding = report.at(place_of(shell, text), message);
  finding.severity(fault_severity(shell));
  auto words = meant ? std::optional(meant->members) : std::nullopt;
  if (!meant && !text.starts_with('[')) words = plain_words(text, shell.document().escape());
  if (!words) return;
  const std::string json = to_json(*words);
  finding.fix(Safety::safe, "Write it as " + json, replace(place_of(shell, text), json));
}

}  // namespace

extern constinit const Rule non_json_shell{
    .id = "non-json-shell",
    .title = "SHELL that is no JSON array",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:SHELL_JSON_FORM"},
    .why = R"(
`SHELL` names a program and its options, each a string of a JSON array: `SHELL ["/bin/bash", "-c"]`. The
builder refuses everything else.

The fix makes strings of the words. There is none where it is not clear what they are: next to a `#`, an escape
character, or quotes inside of a word.
)",
    .bad = R"(
FROM debian:13-slim
SHELL /bin/bash -o pipefail -c
)",
    .good = R"(
FROM debian:13-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#shell"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
