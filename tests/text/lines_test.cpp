#include "analysis/text/lines.h"

#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/seed.h"

using namespace bulkhead;

TEST_CASE("LF, CRLF and a lone CR end a line") {
  const std::string text = "a\nbc\r\nd\re";
  const Lines lines(text);
  REQUIRE(lines.count() == 4);
  CHECK(lines.line(text, 0) == Span{0, 1});
  CHECK(lines.line(text, 1) == Span{2, 4});
  CHECK(lines.line(text, 2) == Span{6, 7});
  CHECK(lines.line(text, 3) == Span{8, 9});
  CHECK(lines.line_of(0) == 0);
  CHECK(lines.line_of(5) == 1);  // the LF of CRLF belongs to the line it ends
  CHECK(lines.line_of(99) == 3);
  CHECK(Lines("").count() == 1);
  CHECK(Lines("\n").count() == 2);
}

TEST_CASE("positions count in the units of the encoding") {
  const std::string text = "x\né𝄞z";  // 2 and 4 bytes
  const Lines lines(text);
  const std::uint32_t z = 2 + 2 + 4;
  CHECK(lines.position(text, z, Encoding::utf8) == Position{1, 6});
  CHECK(lines.position(text, z, Encoding::utf16) == Position{1, 3});
  CHECK(lines.position(text, z, Encoding::utf32) == Position{1, 2});
  for (const Encoding encoding : {Encoding::utf8, Encoding::utf16, Encoding::utf32}) {
    for (const std::uint32_t offset : {0u, 1u, 2u, 4u, 8u, 9u}) {
      CHECK(lines.offset(text, lines.position(text, offset, encoding), encoding) == offset);
    }
  }
}

TEST_CASE("positions that are not there are clamped") {
  const std::string text = "ab\r\n𝄞c";
  const Lines lines(text);
  CHECK(lines.offset(text, {0, 99}, Encoding::utf16) == 2);
  CHECK(lines.offset(text, {9, 0}, Encoding::utf16) == text.size());
  CHECK(lines.offset(text, {1, 1}, Encoding::utf16) == 4);  // inside the surrogate pair
  CHECK(lines.offset(text, {1, 2}, Encoding::utf8) == 4);   // inside the character
  CHECK(lines.position(text, 6, Encoding::utf16) == Position{1, 0});
  CHECK(lines.position(text, 3, Encoding::utf16) == Position{0, 2});  // between CR and LF
  CHECK(lines.position(text, 999, Encoding::utf16) == Position{1, 3});
}

TEST_CASE("long lines count the same") {
  std::string text = "x\n" + std::string(37, 'a') + "\u00e9" + std::string(1000, 'b');
  const Lines lines(text);
  for (const std::uint32_t character : {0u, 7u, 8u, 9u, 36u, 37u, 38u, 39u, 1037u, 1038u}) {
    const std::uint32_t offset = 2 + character + (character > 37 ? 1 : 0);
    CHECK(lines.position(text, offset, Encoding::utf16) == Position{1, character});
    CHECK(lines.offset(text, {1, character}, Encoding::utf16) == offset);
  }
}

TEST_CASE("bytes that are not UTF-8 count as one unit each") {
  const std::string text = "\xff\xc3\xe2\x82z\xf4\x90\x80\x80";
  const Lines lines(text);
  for (std::uint32_t offset = 0; offset <= 5; ++offset) {
    CHECK(lines.position(text, offset, Encoding::utf16) == Position{0, offset});
    CHECK(lines.offset(text, {0, offset}, Encoding::utf16) == offset);
  }
}

TEST_CASE("lines behind an edit are those that a fresh look finds") {
  const std::vector<std::string> pieces{"a", "\r", "\n", "\r\n"};
  Random random(random_seed(), pieces, 8);
  for (int i = 0; i < 1000; ++i) {
    const std::string before = random.text();
    const std::size_t begin = random.below(before.size() + 1);
    std::string now = before;
    now.replace(begin, random.below(before.size() - begin + 1), random.text());
    CAPTURE(before, now);
    const Lines lines = Lines(before).after(Change(before, now), now);
    const Lines fresh(now);
    REQUIRE(lines.count() == fresh.count());
    for (std::uint32_t line = 0; line < fresh.count(); ++line)
      CHECK(lines.line(now, line) == fresh.line(now, line));
  }
}
