#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/compose/compose.h"
#include "analysis/compose/interpolation.h"
#include "analysis/compose/secrets.h"
#include "analysis/facts/open_servers.h"
#include "analysis/facts/registries.h"
#include "analysis/model/paths.h"
#include "analysis/rules/command_options.h"
#include "analysis/rules/compose_entries.h"
#include "analysis/rules/workplaces.h"
#include "analysis/rules/written_settings.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

using facts::OpenServer;
using Kind = OpenServer::Kind;

bool makes_up(const OpenServer& row, std::string_view other) {
  return !row.unless.empty() && facts::matches_any_glob(row.unless, lower_case(other));
}

// ---- Variables of the image

// Whether a variable that `stage` or one that it is built on sets makes up for it.
bool is_made_up(const Stage& stage, const OpenServer& row) {
  return std::ranges::any_of(stage.lineage(), [&](const Stage& each) {
    return std::ranges::any_of(each.all<Env>(), [&](const Env& env) {
      return std::ranges::any_of(
          env.pairs(), [&](const Pair& pair) { return makes_up(row, pair.name().value().text); });
    });
  });
}

void check_variable(const Stage& stage, const Pair& pair, Report& report) {
  const std::string name = pair.name().value().text;
  for (const OpenServer& row : facts::open_servers()) {
    if (row.kind != Kind::variable || row.name != name || !pair.value()) continue;
    const Value value = pair.value()->value();
    if (!value.known || !facts::is_open(row, value.text) || is_made_up(stage, row) ||
        is_workplace(stage))
      continue;
    report.at(pair, fmt::format("{}={} {}", row.name, value.text, row.what))
        .origins(pair.name().instruction(), value.variables, "the value comes from here")
        .fix(Safety::unsafe, fmt::format("Leave {} out; give a password at run time", row.name),
             remove(pair));
  }
}

// ---- What the container starts

void check_arguments(const Stage& stage, const Command& command, const OpenServer& row,
                     Report& report) {
  const auto words = command.arguments();
  const auto& texts = command.argument_texts();
  const auto is_program = [&](std::string_view word) {
    return facts::matches_any_glob(row.programs, file_name(word));
  };
  bool is_called = is_program(command.name());
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!texts[i]) continue;
    const bool is_value = i > 0 && texts[i - 1] && texts[i - 1]->starts_with('-');
    const std::string joined = is_value ? *texts[i - 1] + "=" + *texts[i] : "";
    if (is_called && (facts::is_open(row, *texts[i]) || facts::is_open(row, joined))) {
      const bool is_made_up = std::ranges::any_of(
          texts, [&](const shell::Argument& text) { return text && makes_up(row, *text); });
      if (is_made_up || is_workplace(stage)) return;
      const bool is_apart = !facts::is_open(row, *texts[i]);
      const Span place{words[is_apart ? i - 1 : i].span().begin, words[i].span().end};
      const std::string shown = is_apart ? *texts[i - 1] + " " + *texts[i] : *texts[i];
      report.at(place, fmt::format("{} {} {}", command.name(), shown, row.what))
          .fix(Safety::unsafe, "Remove " + shown, remove_option(command, i, is_apart));
      return;
    }
    is_called = is_called || is_program(*texts[i]);
  }
}

void check_start(const Stage& stage, Report& report) {
  const EffectiveState state = stage.state();
  std::vector<Instruction> starts;
  if (state.entrypoint) starts.push_back(*state.entrypoint);
  if (state.cmd) starts.push_back(*state.cmd);
  for (const Instruction& start : starts) {
    if (start.stage() != stage) continue;
    for (const Command& command : start.commands()) {
      for (const OpenServer& row : facts::open_servers()) {
        if (row.kind == Kind::argument) check_arguments(stage, command, row, report);
      }
    }
  }
}

// ---- Files of settings

// NAME VALUE, NAME=VALUE or NAME: VALUE; both empty where the line has neither.
struct Setting {
  std::string_view name;
  std::string_view value;
};
Setting setting_in(std::string_view line) {
  line = trimmed(line);
  const std::size_t end = line.find_first_of(" \t=:");
  if (end == std::string_view::npos) return {};
  const std::size_t begin = line.find_first_not_of(" \t=:", end);
  return {line.substr(0, end), begin == std::string_view::npos ? "" : line.substr(begin)};
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const auto part : std::views::split(text, '\n'))
    lines.emplace_back(part.begin(), part.end());
  return lines;
}

// Where the line stands in the document; all of the text where it is written otherwise there.
Span place_of(const Stage& stage, const WrittenText& text, std::string_view line) {
  const std::size_t at = stage.document().text(text.source).find(line);
  if (at == std::string_view::npos) return text.place;
  const auto begin = text.source.begin + static_cast<std::uint32_t>(at);
  return {begin, begin + static_cast<std::uint32_t>(line.size())};
}

void check_files(const Stage& stage, Report& report) {
  for (const OpenServer& row : facts::open_servers()) {
    if (row.kind != Kind::setting) continue;
    for (const WrittenText& text : written_texts(report, stage, row.programs)) {
      const std::vector<std::string> lines = lines_of(text.text);
      const bool is_made_up = std::ranges::any_of(
          lines, [&](const std::string& line) { return makes_up(row, setting_in(line).name); });
      for (const std::string& line : lines) {
        const auto [name, value] = setting_in(line);
        if (is_made_up || !equals_ignoring_case(name, row.name) || !facts::is_open(row, value) ||
            is_workplace(stage))
          continue;
        report.at(place_of(stage, text, trimmed(line)),
                  fmt::format("{} in {} {}", trimmed(line), text.path, row.what));
        break;
      }
    }
  }
}

// ---- Services of a compose file

void check_service(const Service& service, Report& report) {
  const yaml::Node* environment = service.get("environment");
  if (environment == nullptr) return;
  const auto variables = variables_of(*environment);
  for (const OpenServer& row : facts::open_servers()) {
    if (row.kind != Kind::variable) continue;
    const bool is_made_up = std::ranges::any_of(
        variables, [&](const ComposeVariable& variable) { return makes_up(row, variable.name); });
    if (is_made_up) continue;
    for (const ComposeVariable& variable : variables) {
      if (variable.name != row.name || !variable.value) continue;
      const auto value = interpolate(*variable.value);
      if (!value || !facts::is_open(row, *value)) continue;
      auto finding = report.at(variable.span, fmt::format("{}: {}={} {}", subject(service),
                                                          variable.name, *value, row.what));
      if (service.ports().empty()) finding.severity(Severity::info);
    }
  }
}

void check(const Stage& stage, Report& report) {
  // Whether it is somebody's workplace hangs on all that it is built on, and is asked where something is found.
  if (!stage.is_delivered()) return;
  for (const Env& env : stage.all<Env>()) {
    for (const Pair& pair : env.pairs()) check_variable(stage, pair, report);
  }
  check_start(stage, report);
  check_files(stage, report);
}

}  // namespace

extern constinit const Rule server_without_password{
    .id = "server-without-password",
    .title = "Server that asks nobody for a password",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .why = R"(
A database, a notebook or an editor that asks for no password belongs to whoever reaches its port: other containers of
the network, and with `-p` the machine's network as well. Bots look for such servers all the time; a notebook or an
editor hands them a shell.

The rule knows the switches of common servers in `ENV`, in what the container starts, and in the configuration files
that the Dockerfile writes, and the variables of services in compose files, where it is an `info` unless the service
publishes a port. Where a password is given beside the switch it is silent, and so is it where the stage is
named for development (`dev`, `test`). A server that is started for a while in a `RUN` is nobody's business.

Ignore it where only one container can reach the server, or something in front of it asks for the password.

The fix takes the switch away. It is unsafe: the server then wants a password, which belongs to the place where it
runs (`docker run -e`, `secrets:` in Compose), and those who use it have to know it.
)",
    .bad = R"(
FROM postgres:18
ENV POSTGRES_DB=app POSTGRES_HOST_AUTH_METHOD=trust
)",
    .good = R"(
FROM postgres:18
ENV POSTGRES_DB=app
)",
    .references = {"https://cwe.mitre.org/data/definitions/306.html"},
    .checks = each<check, check_service>,
};

}  // namespace bulkhead::rules
