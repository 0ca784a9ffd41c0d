#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/document.h"

namespace bulkhead::rules {

// Why no image can have this name, as the end of a sentence about it ("has a capital letter in
// it"); none when one can. Source: the grammar of the distribution project's `reference` package.
std::optional<std::string> image_name_fault(std::string_view name);

// The variables in what FROM names, image or platform.
struct FromVariables {
  std::vector<std::string> undefined;        // no ARG above the first FROM makes them
  std::vector<std::string> without_default;  // an ARG does, but without a value
};
FromVariables from_variables(const From& from, const Word& word);

}  // namespace bulkhead::rules
