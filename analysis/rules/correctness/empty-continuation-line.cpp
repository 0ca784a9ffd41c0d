#include <fmt/format.h>

#include <string>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/empty_lines.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

void check(const Instruction& instruction, Report& report) {
  if (instruction.is_trigger()) return;
  const EmptyLines found = empty_lines(instruction);
  if (found.lines.empty()) return;
  const std::string keyword = upper_case(instruction.keyword().text());
  if (found.swallowed) {
    // ENV and LABEL cannot be read then, and that is said already.
    if (instruction.kind() == Keyword::env || instruction.kind() == Keyword::label) return;
    const std::string below(
        instruction.document().text().substr(found.swallowed->begin, found.swallowed->size()));
    report
        .at(*found.swallowed,
            fmt::format("{} is part of the {} above: the empty line does not end that one", below,
                        keyword))
        .fix(Safety::unsafe, fmt::format("End {} above", keyword), end_before_swallowed(found));
    return;
  }
  std::vector<Edit> edits;
  for (const Span line : found.lines) edits.push_back(replace(line, ""));
  const bool several = edits.size() > 1;
  report
      .at(found.first, fmt::format("{} goes on over {}, which BuildKit will refuse one day",
                                   keyword, several ? "empty lines" : "this empty line"))
      .fix(Safety::safe, several ? "Delete the empty lines" : "Delete the empty line",
           std::move(edits));
}

}  // namespace

extern constinit const Rule empty_continuation_line{
    .id = "empty-continuation-line",
    .title = "Empty line inside a continued instruction",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"buildkit:NoEmptyContinuation", "dockerfile-utils:EMPTY_CONTINUATION_LINE"},
    .why = R"(
A line that ends with the escape character goes on below, over empty lines, too. An empty line that was
meant to end the instruction does not: what stands below becomes part of it. BuildKit warns of such lines,
and has said that it will refuse them.

Comments are allowed there, so a lone `#` keeps parts of a long instruction apart.
)",
    .bad = R"(
FROM debian:13-slim
RUN echo one && \

    echo two
)",
    .good = R"(
FROM debian:13-slim
RUN echo one && \
    echo two
)",
    .references = {"https://docs.docker.com/reference/build-checks/no-empty-continuation/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
