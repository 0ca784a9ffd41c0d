#include "analysis/text/change.h"

#include <algorithm>
#include <cstddef>

namespace bulkhead {
namespace {

// How many bytes both begin with; in blocks, for it is asked for each key press.
std::size_t same_front(std::string_view one, std::string_view other) {
  constexpr std::size_t block = 256;
  const std::size_t most = std::min(one.size(), other.size());
  std::size_t at = 0;
  while (most - at >= block && one.substr(at, block) == other.substr(at, block)) at += block;
  while (at < most && one[at] == other[at]) ++at;
  return at;
}

std::size_t same_back(std::string_view one, std::string_view other) {
  constexpr std::size_t block = 256;
  const auto last = [](std::string_view text, std::size_t behind, std::size_t size) {
    return text.substr(text.size() - behind - size, size);
  };
  const std::size_t most = std::min(one.size(), other.size());
  std::size_t at = 0;
  while (most - at >= block && last(one, at, block) == last(other, at, block)) at += block;
  while (at < most && last(one, at, 1) == last(other, at, 1)) ++at;
  return at;
}

}  // namespace

Change::Change(std::string_view before, std::string_view now, std::size_t last_begin) {
  const std::size_t front = same_front(before.substr(0, last_begin), now);
  const std::size_t back = same_back(before.substr(front), now.substr(front));
  begin_ = static_cast<std::uint32_t>(front);
  old_end_ = static_cast<std::uint32_t>(before.size() - back);
  growth_ = static_cast<std::uint32_t>(now.size() - before.size());
}

}  // namespace bulkhead
