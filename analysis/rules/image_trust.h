#pragma once

#include "analysis/context.h"
#include "analysis/model/image.h"

namespace bulkhead::rules {

// Whether the user has named the image's registry as one that images may come from.
bool is_configured(const Context& context, const ImageReference& image);

}  // namespace bulkhead::rules
