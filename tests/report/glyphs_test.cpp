#include "report/glyphs.h"

#include "tests/catch.h"

namespace bulkhead::report {
namespace {

std::uint32_t width(std::string_view text) {
  std::uint32_t cells = 0;
  for (const Glyph& glyph : glyphs(text)) cells += glyph.width;
  return cells;
}

TEST_CASE("text that harms nobody stays as it is") {
  CHECK(printable("FROM debian:12") == "FROM debian:12");
  CHECK(printable("größe 日本 🚢") == "größe 日本 🚢");
}

TEST_CASE("control characters never reach the terminal") {
  CHECK(printable("\x1B[31m") == "␛[31m");
  CHECK(printable(std::string_view("a\0b\r\x7F", 5)) == "a␀b␍␡");
  CHECK(printable("\xC2\x9B"
                  "31m") == "\uFFFD31m");                    // C1: CSI in one character
  CHECK(printable("\u202Eabc\u2066") == "\uFFFDabc\uFFFD");  // marks of direction
}

TEST_CASE("what is not UTF-8 is replaced byte by byte") {
  CHECK(printable("a\xFFz") == "a\uFFFDz");
  CHECK(printable("\xC0\xAF") == "\uFFFD\uFFFD");            // an overlong '/'
  CHECK(printable("\xE0\x80\x9B") == "\uFFFD\uFFFD\uFFFD");  // an overlong control character
  CHECK(printable("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");  // a surrogate
  CHECK(printable("\xF0\x9F\x9A") == "\uFFFD\uFFFD\uFFFD");  // cut short
  CHECK(printable("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond Unicode
}

TEST_CASE("tabs lead to every fourth cell") {
  CHECK(printable("\ta\tbc\tdef\tghij\tk") == "    a   bc  def ghij    k");
}

TEST_CASE("cells") {
  CHECK(width("abc") == 3);
  CHECK(width("日本") == 4);
  CHECK(width("🚢✅") == 4);
  CHECK(width("e\u0301") == 1);
  CHECK(width("\uFEFF") == 0);
  CHECK(width("\x1B") == 1);
  CHECK(width("a\tb") == 5);
}

TEST_CASE("glyphs know where they stand") {
  const auto all = glyphs("ä\tx");
  REQUIRE(all.size() == 3);
  CHECK(all[1].begin == 2);
  CHECK(all[1].width == 3);
  CHECK(all[2].begin == 3);
}

}  // namespace
}  // namespace bulkhead::report
