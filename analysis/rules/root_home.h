#pragma once

#include <string_view>
#include <vector>

#include "analysis/model/document.h"

// The home of root, which nobody else may enter.
namespace bulkhead::rules {

inline constexpr std::string_view root_home = "/root";

// The words of the stage, and of those that it is built on, that put files of the application there; none where a
// command may open the folder to others.
std::vector<Word> places_in_root_home(const Stage& stage);

}  // namespace bulkhead::rules
