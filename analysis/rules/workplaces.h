#pragma once

#include "analysis/model/document.h"

namespace bulkhead::rules {

// Whether the stage, be it the last one, is a place to write the program in: it is named for development, or
// has the account that editors log in to a dev container as.
bool is_workplace(const Stage& stage);

}  // namespace bulkhead::rules
