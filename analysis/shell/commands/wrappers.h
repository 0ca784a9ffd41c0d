#pragma once

// Programs that run another one, whose command line follows theirs, and change nothing of what it does:
// sudo, env, exec, gosu, time, nice, ...

#include <cstddef>
#include <span>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

struct Wrapped {
  std::size_t program =
      0;  // the word that names the program which runs in the end; may be behind all
  // Whether a wrapper changes who it runs as, and to whom: "app", "1000:1000"; root for sudo. None where
  // that is not known.
  bool changes_user = false;
  Argument user = {};
};

// `words` is a whole command: the name, the arguments.
Wrapped unwrap(std::span<const Argument> words);

}  // namespace bulkhead::shell
