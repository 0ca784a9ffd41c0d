#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/flag_values.h"
#include "analysis/text/ascii.h"
#include "analysis/text/spelling.h"

namespace bulkhead::rules {
namespace {

void check(const Healthcheck& healthcheck, Report& report) {
  const auto words = healthcheck.words();
  // `--interval 30s CMD ...`: what is wrong is the flag.
  if (words.empty() || lacks_flag_value(healthcheck)) return;
  const Word type = words[0];
  if (equals_ignoring_case(type.text(), "cmd") || equals_ignoring_case(type.text(), "none")) return;
  auto finding = report.at(
      type, fmt::format("HEALTHCHECK must be followed by CMD or NONE, not by {}", type.text()));
  finding.severity(fault_severity(healthcheck));
  // CMD-SHELL is what Compose and the API call it.
  const auto nearest = equals_ignoring_case(type.text(), "cmd-shell")
                           ? std::optional<std::string_view>("CMD")
                           : nearest_spelling(type.text(), {"CMD", "NONE"});
  if (nearest) {
    finding.fix(Safety::unsafe, fmt::format("Replace with {}", *nearest),
                replace(type.span(), std::string(*nearest)));
  } else {
    const std::uint32_t begin = type.span().begin;
    finding.fix(Safety::unsafe, "Insert CMD", replace({begin, begin}, "CMD "));
  }
}

}  // namespace

extern constinit const Rule invalid_healthcheck{
    .id = "invalid-healthcheck",
    .title = "HEALTHCHECK that is neither CMD nor NONE",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:UNKNOWN_TYPE", "hadolint:DL1000"},
    .why = R"(
`HEALTHCHECK` either names a command behind `CMD`, or switches the check of the base image off with `NONE`.
The builder refuses anything else, also a command that stands there by itself.

The fix inserts `CMD`, or takes the word for a misspelling, also the `CMD-SHELL` of Compose; that is a guess, so
it is unsafe. The rule is silent where a flag lacks its value, as in `--interval 30s`: that word may not be the
command.
)",
    .bad = R"(
FROM nginx:1.30
HEALTHCHECK --interval=30s curl -f http://localhost/
)",
    .good = R"(
FROM nginx:1.30
HEALTHCHECK --interval=30s CMD curl -f http://localhost/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#healthcheck"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
