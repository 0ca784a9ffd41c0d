#include "analysis/text/change.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bulkhead {
namespace {

// In smaller and smaller ones, for a change is looked for at each key press.
constexpr std::array<std::size_t, 4> blocks{4096, 256, 16, 1};

// How many bytes both begin with.
std::size_t same_front(std::string_view one, std::string_view other) {
  const std::size_t most = std::min(one.size(), other.size());
  std::size_t at = 0;
  for (const std::size_t block : blocks) {
    while (most - at >= block && one.substr(at, block) == other.substr(at, block)) at += block;
  }
  return at;
}

std::size_t same_back(std::string_view one, std::string_view other) {
  const auto last = [](std::string_view text, std::size_t behind, std::size_t size) {
    return text.substr(text.size() - behind - size, size);
  };
  const std::size_t most = std::min(one.size(), other.size());
  std::size_t at = 0;
  for (const std::size_t block : blocks) {
    while (most - at >= block && last(one, at, block) == last(other, at, block)) at += block;
  }
  return at;
}

}  // namespace

Change::Change(std::string_view before, std::string_view now) {
  const std::size_t front = same_front(before, now);
  const std::size_t back = same_back(before.substr(front), now.substr(front));
  begin_ = static_cast<std::uint32_t>(front);
  old_end_ = static_cast<std::uint32_t>(before.size() - back);
  growth_ = static_cast<std::uint32_t>(now.size() - before.size());
}

Change Change::beginning_by(std::uint32_t last, std::string_view before,
                            std::string_view now) const {
  if (begin_ <= last) return *this;
  Change change = *this;
  change.begin_ = last;
  std::uint32_t& end = change.old_end_;
  while (std::min(end, behind(end)) > last && before[end - 1] == now[behind(end) - 1]) --end;
  return change;
}

}  // namespace bulkhead
