#include "analysis/facts/credential_arguments.h"

#include "analysis/facts/tables.h"

namespace bulkhead::facts {

std::span<const CredentialArgument> credential_arguments() {
  return tables::credential_arguments;
}

}  // namespace bulkhead::facts
