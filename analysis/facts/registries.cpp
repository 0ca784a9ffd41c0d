#include "analysis/facts/registries.h"

#include <algorithm>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const Registry* registry_of(std::string_view repository) {
  const auto found = std::ranges::find_if(tables::registries, [&](const Registry& registry) {
    return matches_glob(registry.glob, repository);
  });
  return found == tables::registries.end() ? nullptr : &*found;
}

}  // namespace bulkhead::facts
