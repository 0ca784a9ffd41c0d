#include <string>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/json_form.h"

namespace bulkhead::rules {
namespace {

// The words without their quotes.
std::vector<std::string> plain_words(std::string_view text, char escape) {
  std::vector<std::string> words;
  for (const std::string_view word : quoted_words(text, escape)) {
    const bool quoted =
        word.size() > 1 && (word[0] == '"' || word[0] == '\'') && word.back() == word[0];
    words.emplace_back(quoted ? word.substr(1, word.size() - 2) : word);
  }
  return words;
}

void check(const Shell& shell, Report& report) {
  const std::string_view text = arguments(shell);
  if (shell.is_json() || text.empty() || is_array_of_others(text)) return;
  const auto meant = meant_array(text);
  const std::string json =
      to_json(meant ? meant->members : plain_words(text, shell.document().escape()));
  const std::string message = meant ? "This is no JSON array, which SHELL needs: " + meant->problem
                                    : "SHELL must be followed by a JSON array";
  auto finding = report.at(place_of(shell, text), message);
  finding.severity(fault_severity(shell));
  if (meant || !text.starts_with('['))
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
