#pragma once

// Programs that run a program which they are given: shells and script languages.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

struct InterpreterCall {
  enum class Language : std::uint8_t {
    posix_shell,  // sh, bash, dash, ash, ksh, zsh
    powershell,
    python,
    javascript,
    perl,
    ruby,
    php,
    lua,
  };
  // Where the program comes from.
  enum class Source : std::uint8_t {
    text,    // an argument: `sh -c 'text'`, `python3 -c 'text'`, `eval 'text'`
    file,    // an argument that names it: `bash install.sh`
    module,  // an argument that names one: `python3 -m venv`
    input,   // its standard input: `... | sh`, `bash -s -- --yes`, `sh <<EOF`
  };
  Language language = Language::posix_shell;
  Source source = Source::input;
  // Where the text or name stands: the argument, and its first byte in there. 0 for `input`.
  std::size_t argument = 0;
  std::size_t offset = 0;

  // Shells only: what the options in front of the program switch on.
  bool errexit = false;
  bool pipefail = false;
  bool own_process = true;  // false for `eval`, which may change the shell that it stands in
  // Who `su` becomes; not known where it has no value.
  bool changes_user = false;
  Argument user = {};
};

// What `program` runs, given the words behind its name. None for what is no interpreter, or where it runs
// nothing (`python3 --version`), or where what it runs is not known.
std::optional<InterpreterCall> interpreter_call(std::string_view program,
                                                std::span<const Argument> arguments);

// Whether `program` ("/bin/sh") is a shell whose language this is: that of POSIX, or near to it.
bool is_posix_shell(std::string_view program);

}  // namespace bulkhead::shell
