#pragma once

#include <algorithm>
#include <cstddef>

namespace bulkhead {

// How many items of two lists are the same at the front, and how many behind all that differ: what an edit leaves.
struct CommonEnds {
  std::size_t front = 0;
  std::size_t back = 0;
};

// `is_same(old_index, index)` compares an item of a list of `old_size` with one of a list of `size`.
template <class IsSame>
CommonEnds common_ends(std::size_t old_size, std::size_t size, IsSame is_same) {
  const std::size_t most = std::min(old_size, size);
  CommonEnds ends;
  while (ends.front < most && is_same(ends.front, ends.front)) ++ends.front;
  while (ends.back < most - ends.front && is_same(old_size - ends.back - 1, size - ends.back - 1))
    ++ends.back;
  return ends;
}

}  // namespace bulkhead
