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
  auto part = other.behind(span.begin);
  const bool is_whole = part != other.parts_.begin() && std::prev(part)->whole > 0;
  parts_.push_back(
      {size(), other.byte(part, span.begin).begin, is_whole ? std::prev(part)->whole : 0});
  for (; part != other.parts_.end() && part->text < span.end; ++part) {
    parts_.push_back({size() + (part->text - span.begin), part->source, part->whole});
  }
  text_.append(other.text(span));
}

void SourceText::append(std::string_view text) {
  if (text.empty()) return;
  parts_.push_back({size(), 0});
  text_.append(text);
}

void SourceText::append(std::string_view text, Span source) {
  if (text.empty()) return;
  parts_.push_back({size(), source.begin, source.size()});
  text_.append(text);
}

Span SourceText::source(Span span) const {
  const auto next = behind(span.begin);
  const Span first = byte(next, span.begin);
  if (span.empty()) return {first.begin, first.begin};
  // From the last byte on, not from the one behind it: that one may stand behind a gap.
  const std::uint32_t last = span.end - 1;
  const bool is_same = next == parts_.end() || last < next->text;
  return {first.begin, byte(is_same ? next : behind(last), last).end};
}

SourceText::Parts::const_iterator SourceText::behind(std::uint32_t offset) const {
  return std::ranges::upper_bound(parts_, offset, {}, &Part::text);
}

Span SourceText::byte(Parts::const_iterator next, std::uint32_t offset) const {
  if (next == parts_.begin()) return {offset, offset + 1};
  const Part& part = *std::prev(next);
  if (part.whole > 0) return {part.source, part.source + part.whole};
  const std::uint32_t at = part.source + (offset - part.text);
  return {at, at + 1};
}

}  // namespace bulkhead::shell
