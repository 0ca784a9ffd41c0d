#pragma once

#include <optional>
#include <string>

#include "analysis/rule.h"

namespace bulkhead::rules {

// Offers the image with `tag` instead of its own, if there is one and it can be put in. Never a safe
// fix: what is in the image changes with it.
void offer_tag(FindingBuilder& finding, const ImageUse& use, const std::optional<std::string>& tag);

// Offers the newest supported release that is known of the image, as above.
void offer_stable_tag(FindingBuilder& finding, const ImageUse& use, const Context& context);

}  // namespace bulkhead::rules
