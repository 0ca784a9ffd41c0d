#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analysis/model/document.h"

// The home of root, which nobody else may enter.
namespace bulkhead::rules {

inline constexpr std::string_view root_home = "/root";

// The word of WORKDIR, COPY or ADD that puts files of the application there.
std::optional<Word> place_in_root_home(const Instruction& instruction);

// Those of the stage, and of those that it is built on; none where a command may open the folder to others.
std::vector<Word> places_in_root_home(const Stage& stage);

}  // namespace bulkhead::rules
