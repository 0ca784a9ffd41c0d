#include "analysis/facts/packages.h"

#include <algorithm>
#include <string>

#include "analysis/facts/lookup.h"
#include "analysis/facts/package_managers.h"
#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {

const RiskyPackage* risky_package(std::string_view manager, std::string_view name) {
  const PackageManager* known = package_manager(manager);
  if (!known) return nullptr;
  const auto found = std::ranges::find_if(tables::risky_packages, [&](const RiskyPackage& row) {
    return row.family == known->family && matches_glob(row.package, name);
  });
  return found == tables::risky_packages.end() ? nullptr : &*found;
}

bool is_program_of(const RiskyPackage& package, std::string_view program) {
  return !program.empty() &&
         any_part(package.programs, ',', [&](auto name) { return name == program; });
}

bool is_development(std::string_view stage) {
  std::string words = lower_case(stage);
  std::ranges::replace_if(
      words, [](char c) { return c == '_' || c == '.'; }, '-');
  return any_part(words, '-', [](std::string_view word) {
    return std::ranges::find(tables::development_words, word) != tables::development_words.end();
  });
}

}  // namespace bulkhead::facts
