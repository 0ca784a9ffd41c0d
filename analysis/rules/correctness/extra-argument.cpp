#include <fmt/format.h>

#include <string>
#include <string_view>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/flag_values.h"
#include "analysis/text/ascii.h"
#include "analysis/text/spaces.h"

namespace bulkhead::rules {
namespace {

// The words that the instruction begins with and can keep.
std::size_t wanted(const Instruction& instruction) {
  const auto words = instruction.words();
  if (instruction.kind() == Keyword::healthcheck) {
    const bool none = !words.empty() && equals_ignoring_case(words[0].text(), "none");
    return none ? 1 : words.size();
  }
  // `--platform linux/arm64 debian`: what is wrong is the flag.
  if (lacks_flag_value(instruction)) return words.size();
  const bool named = words.size() > 1 && equals_ignoring_case(words[1].text(), "as");
  return named ? 3 : 1;
}

template <class T>
void check(const T& instruction, Report& report) {
  const auto words = instruction.words();
  std::size_t keep = wanted(instruction);
  if (words.size() <= keep) return;
  // `AS # comment`: there is no name, and the AS goes, too.
  const bool is_unnamed = keep == 3 && words[2].text().starts_with('#');
  if (is_unnamed) keep = 2;
  const Span extra{words[keep].span().begin, words.back().span().end};
  const std::string_view first = words[keep].text();
  const std::string keyword = upper_case(instruction.keyword().text());
  const std::string takes = instruction.kind() == Keyword::from
                                ? "FROM takes an image, and behind AS a name for the stage"
                                : "HEALTHCHECK NONE takes no argument";
  const std::string message =
      first.starts_with('#')
          ? fmt::format("A comment needs a line of its own; {} takes this for arguments", keyword)
          : fmt::format("{0} is one too many: {1}", first, takes);
  const Edit without = replace({words[is_unnamed ? 0 : keep - 1].span().end, extra.end}, "");
  report.at(extra, message)
      .severity(fault_severity(instruction))
      .fix(Safety::unsafe, "Delete it", without);
}

// These take any words, so that only what comes of them fails.
void check_comment(const Instruction& instruction, Report& report) {
  const bool names = instruction.kind() == Keyword::user;
  if (!names && instruction.kind() != Keyword::add && instruction.kind() != Keyword::copy) return;
  const auto comment = comment_in(instruction, names ? 1 : 2);
  if (!comment) return;
  const std::string_view text = arguments(instruction);
  const auto size = static_cast<std::size_t>(comment->data() - text.data());
  const Span before = place_of(instruction, without_spaces(text.substr(0, size)));
  const Span place = place_of(instruction, *comment);
  report
      .at(place, fmt::format("A comment needs a line of its own; {} takes this for {}",
                             upper_case(instruction.keyword().text()),
                             names ? "part of the name" : "paths"))
      .severity(Severity::warning)
      .fix(Safety::unsafe, "Delete it", replace({before.end, place.end}, ""));
}

}  // namespace

extern constinit const Rule extra_argument{
    .id = "extra-argument",
    .title = "Argument that the instruction does not take",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:ARGUMENT_EXTRA", "dockerfile-utils:ARGUMENT_UNNECESSARY",
                "dockerfile-utils:INVALID_AS", "dockerfilelint:extra_args", "slim:ID.20005"},
    .why = R"(
`FROM` takes an image and, behind `AS`, a name for the stage; `HEALTHCHECK NONE` takes nothing. The builder
refuses any further word. A `#` behind an instruction begins no comment: it and what follows are arguments.
`COPY`, `ADD` and `USER` take them: for paths that are not there, and for part of a name that no account has. There it is
a warning, for the file itself is accepted. Where a flag lacks its value (`FROM --platform linux/arm64 debian`), the
rule is silent, for there the words are not what they seem.

The fix deletes what is too many. What was meant may be something else (a missing `AS`), so it is unsafe.
)",
    .bad = R"(
FROM node:26-slim # the current release
)",
    .good = R"(
FROM node:26-slim
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#from",
                   "https://docs.docker.com/reference/dockerfile/#healthcheck"},
    .checks = each<check<From>, check<Healthcheck>, check_comment>,
};

}  // namespace bulkhead::rules
