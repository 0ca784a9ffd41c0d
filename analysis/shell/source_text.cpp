#include "analysis/shell/source_text.h"

#include <algorithm>

namespace bulkhead::shell {

SourceText::SourceText(std::string_view source, std::span<const Span> ranges) {
  std::uint32_t end = 0;
  for (const Span& range : ranges) {
    if (range.begin < end || range.end <= range.begin || range.end > source.size()) continue;
    parts_.push_back({size(), range.begin});
    text_.append(source.substr(range.begin, range.size()));
    end = range.end;
  }
}

void SourceText::append(const SourceText& other, Span span) {
  if (span.empty()) return;
  auto part = std::ranges::upper_bound(other.parts_, span.begin, {}, &Part::text);
  parts_.push_back({size(), other.source(span.begin)});
  for (; part != other.parts_.end() && part->text < span.end; ++part) {
    parts_.push_back({size() + (part->text - span.begin), part->source});
  }
  text_.append(other.text(span));
}

void SourceText::append(std::string_view text) {
  if (text.empty()) return;
  parts_.push_back({size(), 0});
  text_.append(text);
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
