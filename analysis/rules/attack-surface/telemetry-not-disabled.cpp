#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>
#include <set>
#include <string>

#include "analysis/facts/telemetry.h"
#include "analysis/rule.h"
#include "analysis/shell/commands/options.h"
#include "analysis/shell/commands/packages.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using facts::TelemetrySwitch;

bool is_set(const Command& command, std::string_view variable) {
  const auto& assignments = command.data().assignments;
  return command.run().variable(variable) ||
         std::ranges::find(assignments, variable, &shell::Assignment::name) != assignments.end() ||
         std::ranges::count(command.run().script().assigned, variable) > 0;
}

bool is_stopped(const Command& command, const TelemetrySwitch& row) {
  return is_set(command, row.variable) ||
         (!row.also.empty() &&
          std::ranges::any_of(std::views::split(row.also, ' '), [&](const auto& name) {
            return is_set(command, std::string_view(name.begin(), name.end()));
          }));
}

// The word that names a program of the tool: that of the command, or behind one that finds it.
std::optional<Span> program_of(const Command& command, const TelemetrySwitch& row) {
  const std::string& name = command.name();
  const auto& texts = command.argument_texts();
  if (is_listed(name, row.programs)) {
    // `dotnet app.dll` runs a program, as does ENTRYPOINT ["dotnet"], and reports nothing.
    const bool runs_program =
        name == "dotnet" && (texts.empty() || !texts[0] || texts[0]->ends_with(".dll"));
    if (!runs_program) return command.word(command.unwrapped().program).span();
  } else if (is_listed(name, "npx yarn pnpm pnpx bunx bun uv uvx poetry pipenv")) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (!texts[i] || is_listed(*texts[i], "exec dlx run x") || texts[i]->starts_with('-'))
        continue;
      if (is_listed(*texts[i], row.programs)) return command.arguments()[i].span();
      break;
    }
  }
  return std::nullopt;
}

std::optional<Span> package_of(const Command& command, const TelemetrySwitch& row) {
  const shell::PackageCall* call = command.package_call();
  if (!call || call->action != shell::PackageCall::Action::install) return std::nullopt;
  const auto found = std::ranges::find_if(call->packages, [&](const shell::Package& package) {
    return is_listed(package.name, row.packages);
  });
  if (found == call->packages.end()) return std::nullopt;
  return command.arguments()[found->argument].span();
}

void check(const Stage& stage, Report& report) {
  std::set<std::string_view> told;
  for (const Instruction& instruction : stage.instructions()) {
    for (const Command& command : instruction.commands()) {
      for (const TelemetrySwitch& row : facts::telemetry_switches()) {
        auto place = program_of(command, row);
        if (!place) place = package_of(command, row);
        if (!place || is_stopped(command, row) || !told.insert(row.tool).second) continue;
        const std::string setting = fmt::format("{}={}", row.variable, row.value);
        auto finding = report.at(
            *place,
            fmt::format("Without {}, {} reports to its makers how it is used", setting, row.tool));
        if (!instruction.is_trigger()) {
          finding.fix(Safety::unsafe, "Set " + setting,
                      insert_before(instruction, {"ENV " + setting}));
        }
      }
    }
  }
}

}  // namespace

extern constinit const Rule telemetry_not_disabled{
    .id = "telemetry-not-disabled",
    .title = "Tool that reports how it is used",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"tally:prefer-telemetry-opt-out"},
    .why = R"(
Many tools tell their makers which commands are run, on what kind of machine, and with what result. In a build or
a container nobody sees the notice that says so, and the connection goes out of a network that may not be meant
to have one. Each tool has a variable of its own that stops it.

The rule speaks once in a stage for each tool that is run or installed there, unless its variable is set: by `ENV`
or `ARG`, or in the command. A build argument of your own can set it for the build alone. What a script of
`package.json` runs is not seen.

The fix sets the variable. It is unsafe, for it stays in the environment of the container, and a few tools do more
than report with what they learn.
)",
    .bad = R"(
FROM node:26
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
RUN npx next build
)",
    .good = R"(
FROM node:26
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
ENV NEXT_TELEMETRY_DISABLED=1
RUN npx next build
)",
    .references = {"https://consoledonottrack.com/", "https://nextjs.org/telemetry",
                   "https://learn.microsoft.com/dotnet/core/tools/telemetry"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
