#include "analysis/facts/registry_variables.h"

#include <algorithm>

#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

bool is_registry_variable(std::string_view program, std::string_view variable) {
  return std::ranges::any_of(tables::registry_variables, [&](const RegistryVariables& row) {
    return matches_any_glob(row.programs, program) && matches_any_glob(row.variables, variable);
  });
}

bool is_registry_variable(std::string_view variable) {
  return std::ranges::any_of(tables::registry_variables, [&](const RegistryVariables& row) {
    return matches_any_glob(row.variables, variable);
  });
}

}  // namespace bulkhead::facts
