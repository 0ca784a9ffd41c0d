#include "analysis/facts/run_time_secrets.h"

#include "analysis/facts/lookup.h"
#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

std::string file_variable(std::string_view image, std::string_view variable) {
  const std::string_view name = canonical_name(image);
  for (const FileVariables& row : tables::file_variables) {
    if (matches_glob(row.image, name) && matches_any_glob(row.variables, variable))
      return std::string(variable) + std::string(row.suffix);
  }
  return {};
}

}  // namespace bulkhead::facts
