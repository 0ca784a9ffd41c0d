#include "cli/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "analysis/facts/registries.h"
#include "analysis/rule.h"
#include "analysis/text/date.h"
#include "cli/parallel.h"
#include "host/discover.h"
#include "host/snapshot.h"

namespace bulkhead::cli {
namespace fs = std::filesystem;
namespace {

std::chrono::year_month_day require_date(const std::string& text) {
  if (const auto date = parse_date(text)) return *date;
  throw CLI::ValidationError("--today", "'" + text + "' is no date of the form YYYY-MM-DD");
}

void add_rules(CLI::App& command, std::string name, std::vector<const Rule*>& rules,
               std::string description, void (*if_unknown)(std::string_view name)) {
  command
      .add_option_function<std::vector<std::string>>(
          std::move(name),
          [&rules, if_unknown](const std::vector<std::string>& names) {
            for (const std::string& each : names) {
              const auto named = rules_named(each);
              if (named.empty()) if_unknown(each);
              rules.insert(rules.end(), named.begin(), named.end());
            }
          },
          std::move(description))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("RULE");
}

}  // namespace

void add_color(CLI::App& command, ColorMode& mode) {
  command
      .add_option_function<std::string>(
          "--color",
          [&mode](const std::string& when) {
            mode = when == "always"  ? ColorMode::always
                   : when == "never" ? ColorMode::never
                                     : ColorMode::automatic;
          },
          "Use colours: auto (on a terminal, unless NO_COLOR is set), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}, CLI::ignore_case).description(""))
      ->type_name("WHEN");
}

void AnalysisOptions::add_to(CLI::App& command) {
  command
      .add_option(
          "PATH", paths,
          "Dockerfiles, folders that are searched for them, or - for standard input (default: .)")
      ->type_name("");
  add_rules(command, "--select", select,
            "Run only these rules, RULE,RULE; other tools' names such as DL3020 will do",
            [](std::string_view rule) { require_rules(rule); });
  add_rules(command, "--enable", enable, "Run these rules too, which do not run by default",
            [](std::string_view rule) { require_rules(rule); });
  // Lists of another linter, with what only that one has, can stay as they are.
  add_rules(command, "--ignore", ignore, "Leave these rules out",
            [](std::string_view rule) { complain(no_such_rule(rule)); });
  command
      .add_option_function<std::string>(
          "--fail-level",
          [this](const std::string& level) { fail_level = fail_level_named(level); },
          "Exit with 1 from this severity on: error, warning (default), info, hint or never")
      ->check(CLI::IsMember({"error", "warning", "info", "hint", "never"}).description(""))
      ->type_name("LEVEL");
  command
      .add_option("--stdin-filename", stdin_filename,
                  "The path that standard input is taken for: for messages and the build context")
      ->type_name("PATH");
  command
      .add_option_function<std::string>(
          "--today", [this](const std::string& text) { today = require_date(text); },
          "The day to judge ends of life by, for results that can be repeated")
      ->type_name("YYYY-MM-DD");
  command
      .add_option(
          "--trusted-registry", trusted_registries,
          "Where images may come from: a registry, or registry/repository, `*` for any text; "
          "may be given several times")
      ->check(CLI::Validator(
          [](const std::string& glob) {
            return facts::can_be_registry(glob)
                       ? std::string()
                       : "'" + glob + "' is no registry, such as registry.example.com";
          },
          ""))
      ->allow_extra_args(false)
      ->type_name("GLOB");
  auto* const one = command.add_option("--config", configuration,
                                       "Take settings from this file, not from the .bulkhead.yaml "
                                       "that is nearest to what is checked");
  one->type_name("FILE");
  command
      .add_flag_callback(
          "--no-config", [this] { configured = false; }, "Heed no .bulkhead.yaml")
      ->excludes(one);
  command
      .add_option("-j,--jobs", jobs,
                  "How many files are looked at at once (default: one a processor)")
      ->check(CLI::Range(1, 1024).description(""))
      ->type_name("N");
  add_color(command, color);
  command.add_flag("-q,--quiet", quiet, "Findings only: no summary");
}

Inputs AnalysisOptions::inputs() const {
  Inputs found;
  std::set<std::string> seen;
  const auto add = [&](const fs::path& path, bool named) {
    if (seen.insert(path.lexically_normal().native()).second)
      found.inputs.emplace_back(input_of(path.native())).named = named;
  };
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == standard_input) {
      if (seen.insert(path).second) found.inputs.push_back(input_of(path, stdin_filename));
    } else if (fs::is_directory(path, error)) {
      host::Discovery discovery = host::discover(path);
      for (const std::string& problem : discovery.problems) complain(problem);
      found.complete = found.complete && discovery.problems.empty();
      if (discovery.files.empty() && discovery.problems.empty())
        complain("no Dockerfiles in " + path);
      // What is found from here is shown without "./".
      for (const fs::path& file : discovery.files)
        add(path == "." ? file.lexically_relative(path) : file, false);
    } else {
      add(path, true);
    }
  }
  return found;
}

std::size_t AnalysisOptions::threads() const {
  return jobs > 0 ? jobs : default_jobs();
}

bool AnalysisOptions::fails(const std::vector<Finding>& findings, const Settings& settings) const {
  const FailLevel level =
      fail_level.value_or(settings.fail_level.value_or(FailLevel(Severity::warning)));
  return level &&
         std::ranges::any_of(findings, [&](const Finding& f) { return f.severity <= *level; });
}

namespace {

host::Configurations configurations(const AnalysisOptions& options) {
  if (!options.configured) return host::Configurations(std::nullopt);
  return options.configuration.empty() ? host::Configurations()
                                       : host::Configurations(options.configuration);
}

}  // namespace

Setting::Setting(const AnalysisOptions& options)
    : config_{.select = options.select.empty() ? std::nullopt : std::optional(options.select),
              .enable = options.enable,
              .ignore = options.ignore},
      today_(options.today.value_or(host::today())),
      trusted_registries_(options.trusted_registries),
      scanner_(configurations(options)) {}

std::optional<std::vector<std::string>> Setting::left_out(const Input& input) {
  if (input.named) return std::nullopt;
  Settings settings = scanner_.settings(input.name);
  return settings.excluded ? std::optional(std::move(settings.problems)) : std::nullopt;
}

std::shared_ptr<const Snapshot> Setting::snapshot(const Input& input, std::string text) {
  const std::string name = std::filesystem::path(input.name).filename().native();
  return host::read_snapshot(name, std::move(text), &scripts_);
}

Context Setting::context(const Input& input, const Snapshot& snapshot) {
  Context context;
  if (input.context_of) {
    context = scanner_.scan(*input.context_of, &snapshot);
  } else {
    context.settings = scanner_.settings(input.name);
  }
  context.today = today_;
  context.trusted_registries =
      trusted_registries_.empty() ? context.settings.trusted_registries : trusted_registries_;
  return context;
}

std::vector<std::string> problems_of(const Analysis& analysis, const Context& context,
                                     const Input& input) {
  std::vector<std::string> problems = context.settings.problems;
  for (const Rule* rule : analysis.broken) {
    problems.push_back(
        fmt::format("the rule {} failed on {}: its findings are missing; please report this",
                    rule->id, input.name));
  }
  return problems;
}

std::vector<const Rule*> require_rules(std::string_view name) {
  std::vector<const Rule*> found = rules_named(name);
  if (found.empty()) throw CLI::ValidationError(no_such_rule(name));
  return found;
}

}  // namespace bulkhead::cli
