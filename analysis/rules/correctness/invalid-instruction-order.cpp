#include <algorithm>
#include <string>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/spelling.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

bool is_misspelt_from(const Instruction& instruction) {
  return instruction.kind() == Keyword::unknown && !instruction.is_trigger() &&
         nearest_keyword(instruction.keyword().text()) == name(Keyword::from);
}

bool may_come_first(const Instruction& instruction) {
  // Of an unknown one nobody can tell, and it is found by itself.
  return instruction.kind() == Keyword::arg || instruction.kind() == Keyword::unknown;
}

// One finding a file: where FROM is missing, every line below stands in the wrong place.
void check(const Document& document, Report& report) {
  const auto instructions = document.instructions();
  const bool only_unknown = std::ranges::all_of(instructions, [](const Instruction& instruction) {
    return instruction.kind() == Keyword::unknown;
  });
  if (only_unknown) return;
  const bool has_from = !document.stages().empty();
  const auto wrong = std::ranges::find_if(instructions, [&](const Instruction& instruction) {
    return is_misspelt_from(instruction) || !may_come_first(instruction);
  });
  if (wrong != instructions.end() && is_misspelt_from(*wrong)) return;
  if (has_from && (*wrong).kind() == Keyword::from) return;
  if (report.view<TemplateMarks>(document).found) return;
  if (!has_from) {
    const Instruction place = wrong == instructions.end() ? instructions.front() : *wrong;
    report.at(place.keyword(), "There is no FROM in this file to say what the image is built on");
    return;
  }
  const std::string keyword = upper_case((*wrong).keyword().text());
  report.at((*wrong).keyword(), keyword + " stands above the first FROM, where only ARG may stand")
      .related(document.stages()[0].from().keyword(), "the first stage begins here");
}

}  // namespace

extern constinit const Rule invalid_instruction_order{
    .id = "invalid-instruction-order",
    .title = "Instruction above the first FROM",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"hadolint:DL3061", "dockerfilelint:from_first", "dockerlint:from_first",
                "dockerfile-utils:NO_SOURCE_IMAGE", "slim:ID.20009", "slim:ID.20002",
                "tally:require-stages"},
    .why = R"(
Every instruction but `ARG` changes an image, and the image that it changes is named by the `FROM` above
it. The builder refuses a file in which another instruction comes first, or which has no `FROM` at all.
Comments and parser directives may stand anywhere above.

Only the first such instruction is reported: with a `FROM` above it, those below are right again. The rule
is silent in templates, where a line like `{{ ... }}` is replaced before a builder sees the file.
)",
    .bad = R"(
WORKDIR /app
FROM node:26-slim
COPY . .
)",
    .good = R"(
FROM node:26-slim
WORKDIR /app
COPY . .
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#format"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
