#pragma once

// The subcommands. Each adds itself to the program and, when it is the one that was called, runs
// and sets the exit code.

#include <CLI/CLI.hpp>

#include "cli/console.h"

namespace bulkhead::cli {

void add_check(CLI::App& program, ExitCode& exit_code);
void add_fix(CLI::App& program, ExitCode& exit_code);
void add_rules_command(CLI::App& program, ExitCode& exit_code);
void add_explain(CLI::App& program, ExitCode& exit_code);
void add_parse(CLI::App& program, ExitCode& exit_code);
void add_lsp(CLI::App& program, ExitCode& exit_code);

}  // namespace bulkhead::cli
