#include <fmt/format.h>

#include <string>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// What is missing, as the end of a sentence about the instruction; empty where nothing is.
std::string missing(const Instruction& instruction) {
  const auto words = instruction.words();
  switch (instruction.kind()) {
    case Keyword::from:
      if (words.empty()) return "names no image";
      if (words.size() == 2 && equals_ignoring_case(words[1].text(), "as"))
        return fmt::format("has no name for the stage behind {}", words[1].text());
      return {};
    case Keyword::add:
    case Keyword::copy:
      if (words.empty()) return "names neither a source nor a destination";
      return words.size() == 1 ? fmt::format("has no destination behind {}", words[0].text()) : "";
    case Keyword::env:
    case Keyword::label:
    case Keyword::arg:
      return arguments(instruction).empty() ? "names nothing" : "";
    case Keyword::healthcheck:
      if (words.empty()) return "says neither CMD nor NONE";
      if (words.size() == 1 && equals_ignoring_case(words[0].text(), "cmd"))
        return "has no command behind CMD";
      return {};
    case Keyword::onbuild:
      return instruction.data().trigger ? "" : "has no instruction behind it";
    case Keyword::run:
    case Keyword::cmd:
    case Keyword::entrypoint:
      // An empty array says on purpose that there is none.
      return words.empty() && !instruction.is_json() ? "has no command" : "";
    case Keyword::expose:
      return words.empty() ? "names no port" : "";
    case Keyword::shell:
    case Keyword::stopsignal:
    case Keyword::user:
    case Keyword::volume:
    case Keyword::workdir:
    case Keyword::maintainer:
      return words.empty() ? "has no argument" : "";
    case Keyword::unknown:
      return {};
  }
  return {};
}

// The builder accepts these and does nothing, or makes the image run an empty script.
bool is_only_useless(Keyword keyword) {
  return keyword == Keyword::run || keyword == Keyword::cmd || keyword == Keyword::entrypoint;
}

void check(const Instruction& instruction, Report& report) {
  const std::string problem = missing(instruction);
  if (problem.empty()) return;
  const std::string keyword = upper_case(instruction.keyword().text());
  report.at(instruction.keyword(), keyword + " " + problem)
      .severity(is_only_useless(instruction.kind()) ? Severity::warning
                                                    : fault_severity(instruction));
}

}  // namespace

extern constinit const Rule missing_argument{
    .id = "missing-argument",
    .title = "Instruction without what it needs",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:ARGUMENT_MISSING", "dockerfile-utils:ARGUMENT_REQUIRES_ONE",
                "dockerfile-utils:ARGUMENT_REQUIRES_AT_LEAST_ONE",
                "dockerfile-utils:ARGUMENT_REQUIRES_TWO",
                "dockerfile-utils:ARGUMENT_REQUIRES_AT_LEAST_TWO",
                "dockerfile-utils:ARGUMENT_REQUIRES_ONE_OR_THREE",
                "dockerfile-utils:FLAG_AT_LEAST_ONE",
                "dockerfile-utils:HEALTHCHECK_CMD_ARGUMENT_MISSING",
                "dockerfile-utils:SHELL_REQUIRES_ONE", "dockerfilelint:required_params",
                "dockerfilelint:missing_args", "slim:ID.20016", "slim:ID.20014", "slim:ID.20004",
                "hadolint:DL1000"},
    .why = R"(
The builder refuses an instruction that lacks what it works on: `FROM` without an image, `COPY` with only
one path, `HEALTHCHECK CMD` without a command.

`RUN`, `CMD` and `ENTRYPOINT` without a command are accepted, and do nothing, or start an empty script; so
they are only a warning. So is what `ONBUILD` holds back: it fails when an image is built on this one. An
empty array, as in `CMD []`, is taken for intended.
)",
    .bad = R"(
FROM debian:13-slim
COPY app
)",
    .good = R"(
FROM debian:13-slim
COPY app /usr/local/bin/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
