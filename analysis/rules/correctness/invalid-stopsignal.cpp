#include <fmt/format.h>

#include <string>
#include <vector>

#include "analysis/facts/instructions.h"
#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/text/ascii.h"
#include "analysis/text/spelling.h"

namespace bulkhead::rules {
namespace {

void check(const Stopsignal& stopsignal, Report& report) {
  const auto words = stopsignal.words();
  if (words.empty()) return;
  const Word word = words[0];
  const Value value = word.value();
  if (!value.known || has_template_mark(value.text) || facts::is_signal(value.text)) return;
  auto finding = report.at(
      word, value.text.empty() ? fmt::format("{} is empty here, which is no signal", word.text())
                               : fmt::format("{} is no signal", value.text));
  finding.severity(fault_severity(stopsignal));
  if (!value.variables.empty()) return;
  if (value.text.find('#') != std::string::npos) return;
  // All begin with SIG, which makes none of them more alike.
  constexpr std::string_view prefix = "SIG";
  std::vector<std::string_view> names;
  for (const facts::Signal& signal : facts::signals())
    names.push_back(signal.name.substr(prefix.size()));
  std::string written = upper_case(value.text);
  if (written.starts_with(prefix)) written.erase(0, prefix.size());
  if (const auto nearest = nearest_spelling(written, names)) {
    const std::string signal = std::string(prefix) + std::string(*nearest);
    finding.fix(Safety::unsafe, "Replace with " + signal, replace(word.span(), signal));
  }
}

}  // namespace

extern constinit const Rule invalid_stopsignal{
    .id = "invalid-stopsignal",
    .title = "Unknown signal in STOPSIGNAL",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:INVALID_SIGNAL"},
    .why = R"(
`STOPSIGNAL` takes the name of a signal, with or without `SIG`, or its number. The builder refuses other
words. A `#` behind it begins no comment, but is part of the name.

The rule is silent where the value comes from a variable that only the build command or the base image
knows. The fix is the signal that is spelt most alike, a guess.
)",
    .bad = R"(
FROM nginx:1.30
STOPSIGNAL SIGQIT
)",
    .good = R"(
FROM nginx:1.30
STOPSIGNAL SIGQUIT
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#stopsignal",
                   "https://man7.org/linux/man-pages/man7/signal.7.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
