#include "analysis/facts/ecosystems.h"

#include "analysis/facts/tables.h"

namespace bulkhead::facts {

std::span<const Ecosystem> ecosystems() {
  return tables::ecosystems;
}

}  // namespace bulkhead::facts
