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
  if (!value.known || has_template_mark(value.text)) return;
  if (facts::is_signal(value.text)) {
    if (value.text.starts_with('-'))
      report
          .at(word,
              fmt::format("No signal has the number {}: the builder takes it, but nothing that "
                          "runs here can be stopped with it",
                          value.text))
          .severity(Severity::warning);
    return;
  }
  const std::size_t blank = value.text.find_first_of(" \t");
  const std::string first = value.text.substr(0, blank);
  const bool has_more = blank != std::string::npos && facts::is_signal(first) &&
                        value.text.find('#') == std::string::npos;
  auto finding = report.at(
      word, value.text.empty() ? fmt::format("{} is empty here, which is no signal", word.text())
            : has_more
                ? fmt::format("STOPSIGNAL takes one signal, and no other word behind {}", first)
                : fmt::format("{} is no signal", value.text));
  finding.severity(fault_severity(stopsignal));
  if (!value.variables.empty() || has_more) return;
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
    .aliases = {"dockerfile-utils:INVALID_SIGNAL", "dockerfile-utils:ARGUMENT_EXTRA"},
    .why = R"(
`STOPSIGNAL` takes the name of a signal, with or without `SIG`, or its number. The builder refuses other
words. A `#` behind it begins no comment, but is part of the name. A negative number passes the builder and stops
nothing, which is a warning.

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
