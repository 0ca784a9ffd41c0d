#include "analysis/facts/programs.h"

#include <algorithm>

#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const SlimLack* slim_lacks(std::string_view program) {
  const auto found = std::ranges::find(tables::slim_lacks, program, &SlimLack::program);
  return found == tables::slim_lacks.end() ? nullptr : &*found;
}

}  // namespace bulkhead::facts
