#include "analysis/facts/package_managers.h"

#include <algorithm>

#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const PackageManager* package_manager(std::string_view name) {
  const auto found = std::ranges::find(tables::package_managers, name, &PackageManager::name);
  return found == tables::package_managers.end() ? nullptr : &*found;
}

}  // namespace bulkhead::facts
