#include "analysis/text/line_begin.h"

namespace bulkhead {

std::uint32_t line_begin(std::string_view text, std::uint32_t offset) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const auto feed = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  if (feed != std::string_view::npos) return static_cast<std::uint32_t>(feed + 1);
  return text.starts_with(byte_order_mark) ? static_cast<std::uint32_t>(byte_order_mark.size()) : 0;
}

std::uint32_t top_line(std::string_view text) {
  const std::uint32_t begin = line_begin(text, 0);
  if (!text.substr(begin).starts_with("#!")) return begin;
  const auto feed = text.find('\n', begin);
  return static_cast<std::uint32_t>(feed == std::string_view::npos ? text.size() : feed + 1);
}

}  // namespace bulkhead
