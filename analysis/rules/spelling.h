#pragma once

#include <optional>
#include <string_view>

#include "analysis/model/document.h"

namespace bulkhead::rules {

// The keyword that `word` looks like a misspelling of.
std::optional<std::string_view> nearest_keyword(std::string_view word);

}  // namespace bulkhead::rules
