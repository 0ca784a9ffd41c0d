#include "analysis/text/port_range.h"

#include <charconv>
#include <system_error>

namespace bulkhead {
namespace {

std::optional<std::uint32_t> port(std::string_view text) {
  constexpr std::uint32_t highest = 65535;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number <= highest ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<PortRange> parse_port_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = port(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : port(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

}  // namespace bulkhead
