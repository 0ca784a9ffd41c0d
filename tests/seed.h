#pragma once

// Where the random cases of a test begin: always at the same place, so that a change that breaks
// nothing never fails, or where BULKHEAD_SEED says. For new ground:
//
//   for seed in $(seq 100); do BULKHEAD_SEED=$seed build/dev/test_syntax || break; done

#include <cstdlib>
#include <string>

namespace bulkhead {

inline unsigned random_seed() {
  const char* const chosen = std::getenv("BULKHEAD_SEED");
  return chosen ? static_cast<unsigned>(std::stoul(chosen)) : 1;
}

}  // namespace bulkhead
