#include "analysis/engine.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/options.h"
#include "host/file.h"
#include "host/snapshot.h"
#include "report/catalogue.h"

namespace bulkhead::cli {

namespace {

// The documentation of the rules: rules.md, and rules/ID.md for each, in `folder`.
ExitCode write_pages(const std::filesystem::path& folder) {
  try {
    std::filesystem::create_directories(folder / "rules");
    const auto write = [&](const std::string& name, const std::string& text) {
      const std::filesystem::path path = folder / name;
      const auto put = std::filesystem::exists(path) ? host::write_file : host::create_file;
      put(path, text);
    };
    write("rules.md", report::rules_markdown(all_rules(), host::read_snapshot));
    for (const Rule* rule : all_rules()) {
      write(fmt::format("rules/{}.md", rule->id),
            report::rule_markdown(*rule, host::read_snapshot));
    }
    return success;
  } catch (const std::runtime_error& error) {  // a FileError, or one of the folder
    complain(error.what());
    return trouble;
  }
}

}  // namespace

void add_rules_command(CLI::App& program, ExitCode& exit_code) {
  struct Options {
    std::string format = "terminal";
    std::string output;
    ColorMode color = ColorMode::automatic;
  };
  CLI::App* command = program.add_subcommand("rules", "List the rules");
  const auto options = std::make_shared<Options>();
  command->add_option("--format", options->format, "terminal (default), json or markdown")
      ->check(CLI::IsMember({"terminal", "json", "markdown"}).description(""))
      ->type_name("FORMAT");
  command
      ->add_option(
          "--output", options->output,
          "With --format markdown: write rules.md, and rules/RULE.md for each, into FOLDER")
      ->type_name("FOLDER");
  add_color(*command, options->color);
  command->callback([options, &exit_code] {
    if (!options->output.empty()) {
      if (options->format != "markdown") {
        throw CLI::ValidationError("--output", "only --format markdown is written to files");
      }
      exit_code = write_pages(options->output);
      return;
    }
    if (options->format == "json") {
      print(report::rules_json(all_rules(), host::read_snapshot));
    } else if (options->format == "markdown") {
      print(report::rules_markdown(all_rules(), host::read_snapshot));
    } else {
      print(report::rules_table(all_rules(), host::read_snapshot, output_style(options->color)));
    }
    exit_code = success;
  });
}

void add_explain(CLI::App& program, ExitCode& exit_code) {
  struct Options {
    std::vector<const Rule*> rules;
    ColorMode color = ColorMode::automatic;
  };
  CLI::App* command =
      program.add_subcommand("explain", "Tell all about a rule: why, how to mend it, an example");
  const auto options = std::make_shared<Options>();
  command
      ->add_option_function<std::string>(
          "RULE", [options](const std::string& name) { options->rules = require_rules(name); },
          "Its id, or another tool's name for it such as DL3020")
      ->required()
      ->type_name("");
  add_color(*command, options->color);
  command->callback([options, &exit_code] {
    bool first = true;
    for (const Rule* rule : options->rules) {  // several may go by one alias
      if (!first) print("\n");
      first = false;
      print(report::explanation(*rule, host::read_snapshot, output_style(options->color)));
    }
    exit_code = success;
  });
}

}  // namespace bulkhead::cli
