#pragma once

// Programs that run another one, whose command line follows theirs, and change nothing of what it does:
// sudo, env, exec, gosu, time, nice, ...

#include <cstddef>
#include <span>
#include <string_view>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

struct Wrapped {
  // The word that names the program which runs in the end; may be behind all.
  std::size_t program = 0;
  // Whether a wrapper changes who it runs as, and to whom: "app", "1000:1000"; root for sudo. None where
  // that is not known.
  bool changes_user = false;
  Argument user = {};
  std::size_t user_word = 0;  // that says so; 0 where none does, or it says something else as well
};

// Whether `program` ("sudo", "/usr/bin/env") is one of them.
bool is_wrapper(std::string_view program);

// `words` is a whole command: the name, the arguments.
Wrapped unwrap(std::span<const Argument> words);

}  // namespace bulkhead::shell
