#include "analysis/shell/source_text.h"

#include <algorithm>

namespace bulkhead::shell {

SourceText::SourceText(std::string_view source, std::span<const Span> ranges) {
  std::uint32_t end = 0;
  for (const Span& range : ranges) {
    if (range.begin < end || range.end <= range.begin || range.end > source.size()) continue;
    parts_.push_back({static_cast<std::uint32_t>(text_.size()), range.begin});
    text_.append(source.substr(range.begin, range.size()));
    end = range.end;
  }
}

Span SourceText::source(Span span) const {
  const std::uint32_t begin = source(span.begin);
  // From the last byte on, not from the one behind it: that one may stand behind a gap.
  return {begin, span.empty() ? begin : source(span.end - 1) + 1};
}

std::uint32_t SourceText::source(std::uint32_t offset) const {
  const auto next = std::ranges::upper_bound(parts_, offset, {}, &Part::text);
  if (next == parts_.begin()) return offset;
  const Part& part = *std::prev(next);
  return part.source + (offset - part.text);
}

}  // namespace bulkhead::shell
