#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "analysis/text/change.h"
#include "analysis/text/span.h"

namespace bulkhead {

// How a client counts inside a line. Bytes are UTF-8 code units.
enum class Encoding : std::uint8_t { utf8, utf16, utf32 };

// A place in a text as editors tell it: both 0-based, `character` in units of an Encoding.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;

  constexpr auto operator<=>(const Position&) const = default;
};

struct Range {
  Position start;
  Position end;

  constexpr bool operator==(const Range&) const = default;
};

// How many units `text`, a part of a line that begins and ends between characters, takes.
std::uint32_t characters(std::string_view text, Encoding encoding);

// Where the lines of a text begin, and the two ways between bytes and positions.
// A line ends with LF, CRLF or a lone CR, as in LSP. This is the only code that knows UTF-16.
// The text is passed to each call and must be the one the index was made from; bytes that are not
// UTF-8 count as one unit each.
class Lines {
 public:
  explicit Lines(std::string_view text);
  // Those of `text`, which `change` made of the one that this was made from.
  Lines after(const Change& change, std::string_view text) const;

  // The number of lines; an empty text has one.
  std::uint32_t count() const { return static_cast<std::uint32_t>(starts_.size()); }

  // The line that holds byte `offset` (clamped to the text).
  std::uint32_t line_of(std::uint32_t offset) const;

  // The bytes of `line` without its line end; the last line's when there is no such line.
  Span line(std::string_view text, std::uint32_t line) const;

  // Never fails: an offset inside a character counts as its start, one beyond the text as its end.
  Position position(std::string_view text, std::uint32_t offset, Encoding encoding) const;
  Range range(std::string_view text, Span span, Encoding encoding) const;

  // Never fails: a line beyond the last means the end of the text, a character beyond the end of
  // its line means that end, one inside a surrogate pair its start.
  std::uint32_t offset(std::string_view text, Position position, Encoding encoding) const;

 private:
  Lines() = default;
  // Adds those that begin right behind the bytes [begin, end).
  void read(std::string_view text, std::uint32_t begin, std::uint32_t end);

  std::vector<std::uint32_t> starts_;
};

}  // namespace bulkhead
