#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/secrets.h"
#include "analysis/rule.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

// Whether a command that follows could see that a variable is gone.
bool is_felt_behind(const Commands& commands, std::size_t at) {
  constexpr std::string_view deaf = "unset rm rmdir true : exit";
  for (std::size_t i = at + 1; i < commands.size(); ++i) {
    if (!is_listed(commands[i].name(), deaf)) return true;
  }
  return false;
}

void check(const Run& run, Report& report) {
  const auto commands = run.commands();
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (commands[i].name() != "unset") continue;
    for (const ShellWord& word : commands[i].arguments()) {
      const std::string name = word.value().text;
      if (name == "-f") break;  // of functions
      const auto definition = run.definition(name);
      const bool is_empty =
          definition && definition->value() && definition->value()->value() == Value{};
      if (!definition || is_empty) continue;
      const bool is_env = definition->name().instruction().kind() == Keyword::env;
      const bool is_secret = facts::secret_name(name).is_secret();
      if (!is_secret && is_felt_behind(commands, i)) continue;
      report
          .at(word, fmt::format("unset takes {} from this RUN alone: {}", name,
                                is_env ? "the image has it, and so does every container"
                                       : "the build's history has the value of the argument"))
          .related(*definition, "it is defined here");
    }
  }
}

}  // namespace

extern constinit const Rule env_unset_in_later_layer{
    .id = "env-unset-in-later-layer",
    .title = "Variable unset in a later layer",
    .category = Category::sensitive_data,
    .severity = Severity::info,
    .aliases = {"sonar:S6581"},
    .why = R"(
Each `RUN` has a shell of its own, and `unset` lasts as long as that shell. What `ENV` has set stays in the
configuration of the image: `docker inspect` shows it, and containers get it. The value of an `ARG` stays in the
history. Whoever relies on `unset` to hide a value has not hidden it.

Give a variable that is only for the build to the one `RUN` that needs it, `RUN NAME=value command`, and a secret
by `--mount=type=secret`. `ENV NAME=` empties a variable for containers, but leaves its value in the history.

The rule is silent where a command further down in the same `RUN` may feel that the variable is gone, unless it
is named as a secret. There is no fix, for only its author knows who needs the variable.
)",
    .bad = R"(
FROM debian:13
ENV BUILD_FLAGS=--fast
RUN ./build $BUILD_FLAGS && unset BUILD_FLAGS
)",
    .good = R"(
FROM debian:13
RUN BUILD_FLAGS=--fast && ./build $BUILD_FLAGS
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#env"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
