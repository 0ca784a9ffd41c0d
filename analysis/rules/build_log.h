#pragma once

#include <cstddef>
#include <vector>

#include "analysis/model/document.h"

namespace bulkhead::rules {

// Whether what commands[at] prints ends in the log of the build: neither in a file, nor in a variable, nor in a
// pipe into a program that keeps it. `commands` are all those of its RUN.
bool is_logged(const Commands& commands, std::size_t at);

}  // namespace bulkhead::rules
