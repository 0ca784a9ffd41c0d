#include "analysis/text/line_begin.h"

namespace bulkhead {

std::uint32_t line_begin(std::string_view text, std::uint32_t offset) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const auto feed = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  if (feed != std::string_view::npos) return static_cast<std::uint32_t>(feed + 1);
  return text.starts_with(byte_order_mark) ? static_cast<std::uint32_t>(byte_order_mark.size()) : 0;
}

}  // namespace bulkhead
