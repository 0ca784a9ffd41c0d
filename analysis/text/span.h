#pragma once

#include <compare>
#include <cstdint>

namespace bulkhead {

// A half-open range of bytes, 0-based: `begin` is the first byte in it, `end` the first after it.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  constexpr std::uint32_t size() const { return end - begin; }
  constexpr bool empty() const { return begin == end; }
  constexpr bool contains(std::uint32_t offset) const { return begin <= offset && offset < end; }
  constexpr bool covers(Span inner) const { return begin <= inner.begin && inner.end <= end; }
  // By begin, then by end.
  constexpr auto operator<=>(const Span&) const = default;
};

// `span`, told from `base` on instead of from 0.
constexpr Span shifted(Span span, std::uint32_t base) {
  return {span.begin + base, span.end + base};
}

}  // namespace bulkhead
