#include "analysis/facts/registries.h"

#include <algorithm>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {

const Registry* registry_of(std::string_view repository) {
  const auto found = std::ranges::find_if(tables::registries, [&](const Registry& registry) {
    return matches_glob(registry.glob, repository);
  });
  return found == tables::registries.end() ? nullptr : &*found;
}

bool can_be_registry(std::string_view glob) {
  return !glob.empty() && glob.find("://") == std::string_view::npos &&
         std::ranges::none_of(glob, is_space);
}

}  // namespace bulkhead::facts
