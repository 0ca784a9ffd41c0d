#include "analysis/text/line_begin.h"

namespace bulkhead {

std::uint32_t line_begin(std::string_view text, std::uint32_t offset) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const auto feed = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  if (feed != std::string_view::npos) return static_cast<std::uint32_t>(feed + 1);
  return text.starts_with(byte_order_mark) ? static_cast<std::uint32_t>(byte_order_mark.size()) : 0;
}

Span whole_line(std::string_view text, Span span) {
  const std::size_t feed = text.find('\n', span.end);
  const std::size_t end = feed == std::string_view::npos ? text.size() : feed + 1;
  return {line_begin(text, span.begin), static_cast<std::uint32_t>(end)};
}

std::uint32_t top_line(std::string_view text) {
  const std::uint32_t begin = line_begin(text, 0);
  if (!text.substr(begin).starts_with("#!")) return begin;
  const auto feed = text.find('\n', begin);
  return static_cast<std::uint32_t>(feed == std::string_view::npos ? text.size() : feed + 1);
}

}  // namespace bulkhead
