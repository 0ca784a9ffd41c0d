#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "analysis/shell/commands/options.h"

// "a b ? c" as arguments; "?" is one that is not known, "''" an empty one.
inline std::vector<bulkhead::shell::Argument> arguments(const std::string& text) {
  std::vector<bulkhead::shell::Argument> all;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word == "?") {
      all.emplace_back();
    } else {
      all.emplace_back(word == "''" ? "" : word);
    }
  }
  return all;
}
