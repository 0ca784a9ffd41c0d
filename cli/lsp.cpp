#include "cli/commands.h"
#include "lsp/stdio.h"

namespace bulkhead::cli {

void add_lsp(CLI::App& program, ExitCode& exit_code) {
  CLI::App* command =
      program.add_subcommand("lsp", "Run the language server on standard input and output");
  // Clients of vscode-languageclient add it by themselves, also where a user wrote it already.
  command->add_flag("--stdio")->description("The only transport; accepted because editors pass it");
  command->callback([&exit_code] {
    exit_code = static_cast<ExitCode>(lsp::serve_stdio({.version = BULKHEAD_VERSION}));
  });
}

}  // namespace bulkhead::cli
