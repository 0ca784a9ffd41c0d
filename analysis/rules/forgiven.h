#pragma once

#include <cstddef>
#include <vector>

#include "analysis/model/document.h"

namespace bulkhead::rules {

// Whether the build goes on if `commands[at]`, all of them those of one RUN, fails: it is behind `||`, in a
// branch, or what follows it by `&&` ends in `|| true`.
bool is_forgiven(const std::vector<Command>& commands, std::size_t at);

}  // namespace bulkhead::rules
