#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bulkhead {

// A range of ports, both ends in it.
struct PortRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  constexpr bool contains(std::uint32_t port) const { return first <= port && port <= last; }
  constexpr bool covers(PortRange inner) const {
    return first <= inner.first && inner.last <= last;
  }
  constexpr bool operator==(const PortRange&) const = default;
};

// "80" or "8000-8010", of ports up to 65535; nothing for what is neither.
std::optional<PortRange> parse_port_range(std::string_view text);

}  // namespace bulkhead
