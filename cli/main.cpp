#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <exception>
#include <iterator>
#include <string>
#include <string_view>

#include "cli/commands.h"
#include "cli/console.h"

namespace bulkhead::cli {
namespace {

constexpr const char* description =
    "bulkhead finds what makes a container image insecure, in its Dockerfile, and mends it.";

constexpr const char* examples =
    "Examples:\n"
    "  bulkhead check                   every Dockerfile below the current folder\n"
    "  bulkhead check --format json api/Dockerfile\n"
    "  bulkhead fix --diff              what would be mended\n"
    "  bulkhead fix                     mend what is safe to mend\n"
    "  bulkhead explain RULE            why a finding matters, and what to do\n"
    "  bulkhead lsp                     the language server, for your editor\n"
    "\n"
    "`bulkhead COMMAND --help` lists the options of a command.";

struct Command {
  std::string_view name;
  void (*add)(CLI::App& program, ExitCode& exit_code);
};
constexpr Command commands[] = {{"check", add_check},         {"fix", add_fix},
                                {"rules", add_rules_command}, {"explain", add_explain},
                                {"parse", add_parse},         {"lsp", add_lsp}};

// The one that is called is enough: an editor waits for its server.
void add_commands(CLI::App& program, ExitCode& exit_code, std::string_view called) {
  const bool is_known = std::ranges::find(commands, called, &Command::name) != std::end(commands);
  for (const Command& command : commands) {
    if (!is_known || command.name == called) command.add(program, exit_code);
  }
}

int run(int argc, char** argv) {
  // Whatever the parent process did: `bulkhead check | head` is to end quietly. The server decides
  // for itself.
  std::signal(SIGPIPE, SIG_DFL);

  ExitCode exit_code = success;
  CLI::App program(description, "bulkhead");
  program.set_version_flag("-V,--version", "bulkhead " BULKHEAD_VERSION);
  program.set_help_flag("-h,--help", "Show this help");
  program.require_subcommand(0, 1);
  program.failure_message([](const CLI::App* app, const CLI::Error& error) {
    const auto called = app->get_subcommands();
    const std::string command = called.empty() ? "" : called.front()->get_name() + " ";
    return std::string("bulkhead: ") + error.what() + "\nTry `bulkhead " + command + "--help`.\n";
  });
  add_commands(program, exit_code, argc > 1 ? argv[1] : "");
  program.footer(examples);  // after the commands, which would inherit it

  try {
    program.parse(argc, argv);
    if (program.get_subcommands().empty()) throw CLI::CallForHelp();
  } catch (const CLI::ParseError& error) {  // or a call for help, which CLI11 tells in the same way
    return program.exit(error) == 0 ? success : trouble;
  }
  return flush_output() ? exit_code : trouble;
}

}  // namespace
}  // namespace bulkhead::cli

int main(int argc, char** argv) {
  try {
    return bulkhead::cli::run(argc, argv);
  } catch (const std::exception& error) {
    bulkhead::cli::complain(std::string("internal error: ") + error.what());
    return bulkhead::cli::trouble;
  }
}
