#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/engine.h"
#include "analysis/redaction.h"
#include "analysis/rule.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/parallel.h"
#include "host/file.h"
#include "report/json.h"
#include "report/terminal.h"

namespace bulkhead::cli {
namespace {

struct CheckOptions : AnalysisOptions {
  bool json = false;
};

struct Checked {
  std::string report;
  report::Tally tally;
  bool fails = false;
  std::vector<std::string> problems;  // the findings are not complete
};

Checked check(const Input& input, const CheckOptions& options, Setting& setting,
              const report::Style& style) try {
  if (auto problems = setting.left_out(input)) return {.problems = *std::move(problems)};
  const auto snapshot = setting.snapshot(input, read(input));
  const Context context = setting.context(input, *snapshot);
  SharedViews views;
  const Analysis analysis = analyse(*snapshot, setting.config(context), context, {}, &views);
  const bool shows_lines = !options.json && !analysis.findings.empty();
  const std::string redacted = shows_lines ? redacted_text(*snapshot, views) : "";
  const report::Source source{input.name, shows_lines ? redacted : snapshot->text(),
                              snapshot->lines(), &context};
  Checked checked;
  checked.report = options.json ? report::json_items(source, analysis.findings)
                                : report::terminal(source, analysis.findings, style);
  checked.tally.add(analysis.findings);
  checked.fails = options.fails(analysis.findings, context.settings);
  checked.problems = problems_of(analysis, context, input);
  return checked;
} catch (const std::exception& error) {
  return {.problems = {error.what()}};
}

ExitCode run(const CheckOptions& options) {
  const Inputs inputs = options.inputs();
  Setting setting(options);
  const report::Style style = output_style(options.color);
  ExitCode exit_code = inputs.complete ? success : trouble;
  report::Tally tally;
  std::vector<std::string> items;
  Complaints complaints;
  in_order(
      inputs.inputs.size(), options.threads(),
      [&](std::size_t i) { return check(inputs.inputs[i], options, setting, style); },
      [&](Checked checked) {
        complaints.add(checked.problems);
        if (!checked.problems.empty()) exit_code = trouble;
        if (checked.fails && exit_code == success) exit_code = findings;
        tally += checked.tally;
        if (options.json) {
          items.push_back(std::move(checked.report));
        } else {
          print(checked.report);
        }
      });
  if (options.json) {
    print(report::json_array(items));
  } else if (!options.quiet && tally.files > 0) {
    print(report::summary(tally, style));
  }
  return exit_code;
}

}  // namespace

void add_check(CLI::App& program, ExitCode& exit_code) {
  CLI::App* command =
      program.add_subcommand("check", "Find what is insecure in Dockerfiles and compose files");
  const auto options = std::make_shared<CheckOptions>();
  options->add_to(*command);
  command
      ->add_option_function<std::string>(
          "--format", [options](const std::string& format) { options->json = format == "json"; },
          "How findings are written: terminal (default) or json")
      ->check(CLI::IsMember({"terminal", "json"}).description(""))
      ->type_name("FORMAT");
  command->footer(
      "A folder is searched for Dockerfile, Dockerfile.*, *.Dockerfile, Containerfile and so on,\n"
      "compose.yaml, compose.*.yaml, docker-compose*.yaml, .dockerignore and *.dockerignore,\n"
      "without what git ignores.\n"
      "Exit codes: 0 nothing at or above the fail level, 1 findings, 2 wrong usage or a file that\n"
      "cannot be read.");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace bulkhead::cli
