#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/json_form.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// The part of the arguments that may be an array.
std::string_view candidate(const Instruction& instruction) {
  const std::string_view text = arguments(instruction);
  if (instruction.kind() != Keyword::healthcheck) return text;
  const std::size_t blank = text.find_first_of(" \t");
  return blank == std::string_view::npos ? "" : trimmed(text.substr(blank));
}

std::vector<Edit> edits_of(const Instruction& instruction, const MeantArray& meant) {
  std::vector<Edit> edits;
  for (const auto& [part, text] : meant.repairs)
    edits.push_back(replace(place_of(instruction, part), text));
  return edits;
}

bool may_be_malformed(const Instruction& instruction) {
  switch (instruction.kind()) {
    case Keyword::add:
    case Keyword::cmd:
    case Keyword::copy:
    case Keyword::entrypoint:
    case Keyword::healthcheck:
    case Keyword::run:
    case Keyword::volume:
      break;
    default:
      return false;
  }
  if (instruction.is_json()) return false;
  const std::string_view text = candidate(instruction);
  return text.starts_with('[') && !is_array_of_others(text);
}

// `is_cut_off`: the next line is no instruction, and may be the rest of this one.
void check_one(const Instruction& instruction, bool is_cut_off, Report& report) {
  const std::string_view text = candidate(instruction);
  const auto meant = meant_array(text);
  if (!meant) return;
  const bool command = instruction.kind() != Keyword::add && instruction.kind() != Keyword::copy &&
                       instruction.kind() != Keyword::volume;
  auto finding =
      report.at(place_of(instruction, text),
                fmt::format("This is no JSON array ({}), so {}", meant->problem,
                            command ? "a shell gets it as a command, brackets and all"
                                    : "its brackets, quotes and commas become part of the paths"));
  if (meant->is_open && is_cut_off) return;
  finding.fix(Safety::unsafe, fmt::format("Write it as {}", to_json(meant->members)),
              edits_of(instruction, *meant));
}

void check(const Document& document, Report& report) {
  const auto all = document.instructions();
  for (const Instruction& instruction : report.instructions<may_be_malformed>(document)) {
    const std::uint32_t next = instruction.index() + 1;
    const bool is_cut_off = next < all.size() && all[next].kind() == Keyword::unknown;
    check_one(instruction, is_cut_off, report);
  }
}

}  // namespace

extern constinit const Rule malformed_json_form{
    .id = "malformed-json-form",
    .title = "Exec form that is no JSON",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"sonar:S7030", "slim:ID.20013", "dockerlint:json_array_format",
                "dockerlint:json_array_even_quotes", "dockerlint:json_array_brackets",
                "dockerfile-utils:JSON_IN_SINGLE_QUOTES", "tally:invalid-json-form"},
    .why = R"(
The exec form is JSON to the letter: double quotes, no comma behind the last string, backslashes doubled,
nothing behind the bracket. Where anything is wrong with it, the builder says nothing and takes the text for
the shell form: `CMD ['npm', 'start']` makes a shell look for a program called `[npm,`, and the container
ends at once. `COPY` and `VOLUME` take the pieces for paths.

The rule is silent where a shell may be meant to read the bracket, as in `RUN [ -f x ] && y`. Its fix writes
what the array seems to say; the program then runs without a shell, so it is unsafe. There is none where the closing
bracket is missing and the next line is no instruction: the array goes on there, and what is missing is the escape
character at the end of the line.
)",
    .bad = R"(
FROM node:26-slim
CMD ['npm', 'start']
)",
    .good = R"(
FROM node:26-slim
CMD ["npm", "start"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#exec-form"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
