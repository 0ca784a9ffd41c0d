#include "report/glyphs.h"

#include <algorithm>
#include <iterator>

namespace bulkhead::report {
namespace {

constexpr std::uint32_t tab_stop = 4;
constexpr char32_t replacement = 0xFFFD;

struct Character {
  char32_t code = replacement;
  std::uint32_t size = 1;  // bytes
};

// The character at the start of `text`, which is not empty. A byte that is not UTF-8 is one.
Character decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::uint32_t size = first < 0xC2   ? 1
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 1;
  if (size == 1 || text.size() < size) return {};
  char32_t code = first & (0xFF >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3F);
  }
  const char32_t least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
  if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, size};
}

std::string encode(char32_t code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
}

struct CodeRange {
  char32_t first;
  char32_t last;
};

template <std::size_t size>
bool is_in(const CodeRange (&ranges)[size], char32_t code) {
  const auto* range = std::ranges::lower_bound(ranges, code, {}, &CodeRange::last);
  return range != std::end(ranges) && range->first <= code;
}

// The characters that the C++ standard counts as two cells wide ([format.string.std]), and the
// emoji beyond those that Unicode calls wide (East Asian Width W) and people put into comments.
constexpr CodeRange wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x26A1, 0x26A1},   {0x2705, 0x2705},   {0x2728, 0x2728},   {0x274C, 0x274C},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},   {0x2B50, 0x2B50},
    {0x2E80, 0x303E},   {0x3040, 0xA4CF},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F900, 0x1F9FF}, {0x20000, 0x2FFFD},
    {0x30000, 0x3FFFD},
};

// Combining marks, joiners and variation selectors: drawn on the character before them.
constexpr CodeRange joining[] = {
    {0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF},
};

// C1 controls, which some terminals obey, marks of direction, by which text can lie about its order
// (CVE-2021-42574), and separators of lines.
constexpr CodeRange harmful[] = {
    {0x0080, 0x009F}, {0x061C, 0x061C}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
};

char32_t shown(char32_t code) {
  if (code < 0x20) return 0x2400 + code;  // U+2400 CONTROL PICTURES
  if (code == 0x7F) return 0x2421;
  return is_in(harmful, code) ? replacement : code;
}

// Shown as it is, in one cell.
constexpr bool is_plain(char c) {
  return c >= ' ' && c <= '~';
}

}  // namespace

std::vector<Glyph> glyphs(std::string_view line) {
  std::vector<Glyph> glyphs;
  glyphs.reserve(line.size());
  std::uint32_t column = 0;
  for (std::uint32_t at = 0; at < line.size();) {
    if (is_plain(line[at])) {
      glyphs.push_back({.begin = at, .text = std::string(1, line[at])});
      ++column;
      ++at;
      continue;
    }
    const Character character = decode(line.substr(at));
    Glyph glyph{.begin = at};
    if (character.code == '\t') {
      glyph.width = tab_stop - column % tab_stop;
      glyph.text = std::string(glyph.width, ' ');
    } else {
      const char32_t code = shown(character.code);
      glyph.width = is_in(wide, code) ? 2 : is_in(joining, code) ? 0 : 1;
      glyph.text = encode(code);
    }
    column += glyph.width;
    at += character.size;
    glyphs.push_back(std::move(glyph));
  }
  return glyphs;
}

std::string printable(std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string out;
  for (const Glyph& glyph : glyphs(text)) out += glyph.text;
  return out;
}

}  // namespace bulkhead::report
