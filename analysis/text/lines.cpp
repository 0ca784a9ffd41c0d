#include "analysis/text/lines.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace bulkhead {
namespace {

// The bytes of the character that starts at `at`: 1 for ASCII and for what is not UTF-8.
std::uint32_t character_size(std::string_view text, std::uint32_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const std::uint32_t size = first < 0xC2   ? 1
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 1;
  if (at + size > text.size()) return 1;
  for (std::uint32_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 1;
  }
  return size;
}

// How many bytes of text[at, end) are ASCII for sure, in whole words: each is a character, and many lines
// have no others.
std::uint32_t ascii_size(std::string_view text, std::uint32_t at, std::uint32_t end) {
  std::uint32_t size = 0;
  for (std::uint64_t word = 0; end - at - size >= sizeof word; size += sizeof word) {
    std::memcpy(&word, text.data() + at + size, sizeof word);
    if ((word & 0x8080808080808080) != 0) break;
  }
  return size;
}

// Only a character of four bytes lies outside the basic plane and takes two UTF-16 units.
std::uint32_t units(std::uint32_t bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return bytes;
    case Encoding::utf16:
      return bytes == 4 ? 2 : 1;
    case Encoding::utf32:
      return 1;
  }
  return 1;
}

// The units of text[span]; those of a character that ends behind it do not count.
std::uint32_t characters_in(std::string_view text, Span span, Encoding encoding) {
  std::uint32_t count = 0;
  for (std::uint32_t at = span.begin; at < span.end;) {
    const std::uint32_t ascii = ascii_size(text, at, span.end);
    count += ascii;
    at += ascii;
    if (at == span.end) break;
    const std::uint32_t size = character_size(text, at);
    if (at + size > span.end) break;
    count += units(size, encoding);
    at += size;
  }
  return count;
}

}  // namespace

std::uint32_t characters(std::string_view text, Encoding encoding) {
  return characters_in(text, {0, static_cast<std::uint32_t>(text.size())}, encoding);
}

Lines::Lines(std::string_view text) : starts_{0} {
  read(text, 0, static_cast<std::uint32_t>(text.size()));
}

void Lines::read(std::string_view text, std::uint32_t begin, std::uint32_t end) {
  const std::string_view part = text.substr(0, end);
  const bool has_cr = part.find('\r', begin) != part.npos;
  const auto next = [&](std::size_t at) {
    return has_cr ? part.find_first_of("\r\n", at) : part.find('\n', at);
  };
  for (std::size_t at = next(begin); at != part.npos; at = next(at)) {
    const bool goes_on = text[at++] == '\r' && text.substr(at, 1) == "\n";
    if (!goes_on) starts_.push_back(static_cast<std::uint32_t>(at));
  }
}

// Whether a line begins is told by the byte in front and, for that may be a CR, by the first of the line.
Lines Lines::after(const Change& change, std::string_view text) const {
  const auto front = std::ranges::lower_bound(starts_, std::max(change.begin(), 1U));
  const auto back = std::ranges::upper_bound(starts_, change.old_end());
  Lines lines;
  lines.starts_.reserve(starts_.size() + 1);
  lines.starts_.assign(starts_.begin(), front);
  lines.read(text, std::max(change.begin(), 1U) - 1, change.behind(change.old_end()));
  const std::size_t first_behind = lines.starts_.size();
  lines.starts_.insert(lines.starts_.end(), back, starts_.end());
  for (std::uint32_t& start : std::span(lines.starts_).subspan(first_behind))
    start = change.behind(start);
  return lines;
}

std::uint32_t Lines::line_of(std::uint32_t offset) const {
  return static_cast<std::uint32_t>(std::ranges::upper_bound(starts_, offset) - starts_.begin() -
                                    1);
}

Span Lines::line(std::string_view text, std::uint32_t line) const {
  line = std::min(line, count() - 1);
  const std::uint32_t begin = starts_[line];
  std::uint32_t end =
      line + 1 < count() ? starts_[line + 1] : static_cast<std::uint32_t>(text.size());
  if (line + 1 < count()) {
    if (text[end - 1] == '\n') --end;
    if (end > begin && text[end - 1] == '\r') --end;
  }
  return {begin, end};
}

Position Lines::position(std::string_view text, std::uint32_t offset, Encoding encoding) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text.size()));
  const std::uint32_t line = line_of(offset);
  // Between CR and LF there is no place that a client could name.
  if (offset > starts_[line] && text.substr(offset - 1, 2) == "\r\n") --offset;
  return {line, characters_in(text, {starts_[line], offset}, encoding)};
}

Range Lines::range(std::string_view text, Span span, Encoding encoding) const {
  return {position(text, span.begin, encoding), position(text, span.end, encoding)};
}

std::uint32_t Lines::offset(std::string_view text, Position position, Encoding encoding) const {
  if (position.line >= count()) return static_cast<std::uint32_t>(text.size());
  const Span span = line(text, position.line);
  std::uint32_t at = span.begin;
  std::uint32_t character = 0;
  while (at < span.end) {
    const std::uint32_t size = character_size(text, at);
    character += units(size, encoding);
    if (character > position.character) break;
    at += size;
  }
  return at;
}

}  // namespace bulkhead
