#pragma once

#include <optional>
#include <string>

#include "analysis/rule.h"

namespace bulkhead::rules {

// Offers the image of `from` with `tag` instead of its own, if there is one and it can be put in.
// Never a safe fix: what is in the image changes with it.
void offer_tag(FindingBuilder& finding, const From& from, const std::optional<std::string>& tag);

}  // namespace bulkhead::rules
