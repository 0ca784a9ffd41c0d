#include "analysis/facts/registry_variables.h"

#include <algorithm>
#include <span>

#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {
namespace {

using Rows = std::span<const CredentialVariables>;

bool looks_for(Rows rows, std::string_view program, std::string_view variable) {
  return std::ranges::any_of(rows, [&](const CredentialVariables& row) {
    return matches_any_glob(row.programs, program) && matches_any_glob(row.variables, variable);
  });
}

bool is_looked_for(Rows rows, std::string_view variable) {
  return std::ranges::any_of(rows, [&](const CredentialVariables& row) {
    return matches_any_glob(row.variables, variable);
  });
}

}  // namespace

bool is_registry_variable(std::string_view program, std::string_view variable) {
  return looks_for(tables::registry_variables, program, variable);
}

bool is_registry_variable(std::string_view variable) {
  return is_looked_for(tables::registry_variables, variable);
}

bool is_credential_variable(std::string_view program, std::string_view variable) {
  return looks_for(tables::credential_variables, program, variable);
}

bool is_credential_variable(std::string_view variable) {
  return is_looked_for(tables::credential_variables, variable);
}

}  // namespace bulkhead::facts
