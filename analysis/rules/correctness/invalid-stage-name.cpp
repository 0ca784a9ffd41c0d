#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

void check(const From& from, Report& report) {
  const auto alias = from.alias();
  if (!alias || from.words().size() != 3 || has_template_mark(alias->text())) return;
  const std::string name = lower_case(alias->text());
  const auto report_variable = [&] {
    report.at(*alias,
              fmt::format("No variable can stand in the name of a stage, as in {}", alias->text()));
  };
  if (name[0] == '$') return report_variable();
  if (!is_letter(name[0])) {
    report.at(*alias,
              fmt::format("The name of a stage begins with a letter, {} does not", alias->text()));
    return;
  }
  const auto wrong = std::ranges::find_if(name, [](char c) {
    return !is_letter(c) && !is_digit(c) && c != '-' && c != '_' && c != '.';
  });
  if (wrong == name.end()) return;
  if (*wrong == '$') return report_variable();
  report.at(*alias,
            fmt::format("The name of a stage has letters, digits and - _ . in it; {} has more",
                        alias->text()));
}

}  // namespace

extern constinit const Rule invalid_stage_name{
    .id = "invalid-stage-name",
    .title = "Stage name that the builder refuses",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:INVALID_BUILD_STAGE_NAME"},
    .why = R"(
The name of a stage begins with a letter; letters, digits, `-`, `_` and `.` may follow. Upper and lower case are
the same. Variables are not resolved in it. The builder refuses everything else.
)",
    .bad = R"(
FROM debian:13-slim AS 2nd
)",
    .good = R"(
FROM debian:13-slim AS second
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#from"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
