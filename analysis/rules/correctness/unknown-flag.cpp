#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "analysis/facts/instructions.h"
#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/json_form.h"
#include "analysis/text/ascii.h"
#include "analysis/text/spelling.h"

namespace bulkhead::rules {
namespace {

// The builder drops the flags of these without looking at them.
bool ignores_flags(const Instruction& instruction) {
  if (instruction.kind() == Keyword::arg || instruction.kind() == Keyword::stopsignal) return true;
  const auto words = instruction.words();
  return instruction.kind() == Keyword::healthcheck && !words.empty() &&
         equals_ignoring_case(words[0].text(), "none");
}

// CMD --port 80: options of the program, which only the JSON form can begin with. None where a
// shell has to read them.
std::string as_json(const Instruction& command) {
  std::vector<std::string> members;
  for (const Flag& flag : command.flags()) members.emplace_back(flag.whole().text());
  for (const std::string_view word : quoted_words(arguments(command), command.document().escape()))
    members.emplace_back(word);
  const bool plain = std::ranges::none_of(members, [](const std::string& member) {
    return member.find_first_of("$&|;<>*?!()`'\"\\#~[") != std::string::npos;
  });
  return plain && !command.is_json() ? to_json(members) : "";
}

void check(const Instruction& instruction, Report& report) {
  if (instruction.kind() == Keyword::unknown || instruction.flags().empty()) return;
  const auto known = facts::flags_of(name(instruction.kind()));
  std::vector<std::string_view> names;
  for (const facts::Flag& flag : known) names.push_back(flag.name);
  const std::string keyword = upper_case(instruction.keyword().text());
  std::uint32_t behind = instruction.keyword().span().end;  // of what stands in front of a flag
  for (const Flag& flag : instruction.flags()) {
    const Span with_blanks{std::exchange(behind, flag.span().end), flag.span().end};
    const std::string_view written = flag.name().text();
    if (std::ranges::find(names, written) != names.end()) continue;
    const bool ignored = ignores_flags(instruction);
    const auto nearest = nearest_spelling(written, names);
    const bool wants_copy = instruction.kind() == Keyword::add && written == "from";
    const std::string message =
        nearest ? fmt::format("{} has no flag --{}; --{} is one", keyword, written, *nearest)
        : names.empty() ? fmt::format("{} takes no flags, {} --{}", keyword,
                                      ignored ? "and ignores" : "so it refuses", written)
                        : fmt::format("{} has no flag --{}{}", keyword, written,
                                      wants_copy ? "; COPY has" : "");
    auto finding = report.at(flag, message);
    finding.severity(ignored ? Severity::warning : fault_severity(instruction));
    const bool command =
        instruction.kind() == Keyword::cmd || instruction.kind() == Keyword::entrypoint;
    if (wants_copy) {
      finding.fix(Safety::unsafe, "Replace ADD with COPY",
                  replace_keyword(instruction.keyword(), "COPY"));
      continue;
    }
    if (nearest) {
      finding.fix(Safety::unsafe, fmt::format("Replace with --{}", *nearest),
                  replace(flag.name().span(), std::string(*nearest)));
    } else if (const std::string json = command ? as_json(instruction) : ""; !json.empty()) {
      finding.fix(Safety::unsafe, "Write the command as a JSON array",
                  replace({flag.span().begin, instruction.span().end}, json));
      return;
    }
    finding.fix(Safety::unsafe, "Delete the flag", replace(with_blanks, ""));
  }
}

}  // namespace

extern constinit const Rule unknown_flag{
    .id = "unknown-flag",
    .title = "Flag that the instruction does not know",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:UNKNOWN_ADD_FLAG", "dockerfile-utils:UNKNOWN_COPY_FLAG",
                "dockerfile-utils:UNKNOWN_FROM_FLAG", "dockerfile-utils:UNKNOWN_HEALTHCHECK_FLAG",
                "hadolint:DL1000"},
    .why = R"(
Words that begin with `--` right behind the keyword are flags of the instruction, also in `CMD` and
`ENTRYPOINT`, where they were perhaps meant for the program: there the JSON form helps, or a program in front of
them. The builder refuses flags that it does not know; upper and lower case differ.

The flags known here are those of BuildKit v0.34. `ARG`, `STOPSIGNAL` and `HEALTHCHECK NONE` drop all flags in
silence, so there it is a warning. The fix is the flag that is spelt most alike, `COPY` for an `ADD` with
`--from`, or deletes the flag; all are guesses.
)",
    .bad = R"(
FROM debian:13-slim
COPY --chwon=1000:1000 app /usr/local/bin/
)",
    .good = R"(
FROM debian:13-slim
COPY --chown=1000:1000 app /usr/local/bin/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
