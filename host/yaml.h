#pragma once

#include <string_view>

#include "analysis/compose/yaml.h"

namespace bulkhead::host {

// Reads a YAML text, with its documents merged. A fault for what is no YAML, what nests deeper than a
// few hundred levels, be it by aliases, and what these make much larger than the text or than some hundred
// thousand nodes. Never throws.
yaml::Reading read_yaml(std::string_view text);

}  // namespace bulkhead::host
