#include "analysis/rules/image_trust.h"

#include <algorithm>

#include "analysis/facts/registries.h"

namespace bulkhead::rules {

bool is_configured(const Context& context, const ImageReference& image) {
  return std::ranges::any_of(context.trusted_registries, [&](const std::string& glob) {
    const bool whole_registry = glob.find('/') == std::string::npos;
    return facts::matches_glob(glob, whole_registry ? image.registry : image.full_name());
  });
}

}  // namespace bulkhead::rules
