#pragma once

// Text of unknown origin, made fit for a terminal.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::report {

// What a terminal shows for one character of a line.
struct Glyph {
  std::uint32_t begin = 0;  // byte in the line
  std::uint32_t width = 1;  // cells: 0 for what joins the character before, 2 for wide ones
  std::string text;
};

// The characters of one line, without its line end. Tabs become blanks up to the next of every
// fourth cell, control characters their pictures, and what is not UTF-8 or would turn the direction
// of the text the replacement character: nothing of the line can command the terminal.
std::vector<Glyph> glyphs(std::string_view line);

// The same for a message or a path.
std::string printable(std::string_view text);

}  // namespace bulkhead::report
