#include "lsp/document.h"

#include "analysis/model/document.h"
#include "tests/catch.h"

using namespace bulkhead;
using namespace bulkhead::lsp;

namespace {

std::string after(std::string text, std::vector<TextDocumentContentChangeEvent> changes,
                  Encoding encoding = Encoding::utf16) {
  const auto document = Document::create(std::move(text));
  return std::string(document->edited(to_text_edits(*document, changes, encoding))->text());
}

Range range(std::uint32_t l1, std::uint32_t c1, std::uint32_t l2, std::uint32_t c2) {
  return {{l1, c1}, {l2, c2}};
}

}  // namespace

TEST_CASE("a character is counted as agreed") {
  const std::string text = "# \xF0\x9F\x90\xB3\xC3\xA9x\n";  // a whale, e acute, x
  CHECK(after(text, {{range(0, 8, 0, 9), "y"}}, Encoding::utf8) == "# \xF0\x9F\x90\xB3\xC3\xA9y\n");
  CHECK(after(text, {{range(0, 5, 0, 6), "y"}}, Encoding::utf16) ==
        "# \xF0\x9F\x90\xB3\xC3\xA9y\n");
  CHECK(after(text, {{range(0, 4, 0, 5), "y"}}, Encoding::utf32) ==
        "# \xF0\x9F\x90\xB3\xC3\xA9y\n");
}

TEST_CASE("positions beyond the text are clamped, reversed ranges swapped") {
  CHECK(after("ab\ncd", {{range(0, 99, 0, 99), "!"}}) == "ab!\ncd");
  CHECK(after("ab\ncd", {{range(9, 0, 9, 9), "!"}}) == "ab\ncd!");
  CHECK(after("ab\ncd", {{range(1, 1, 0, 1), ""}}) == "ad");
  CHECK(after("", {{range(3, 3, 2, 2), "x"}}) == "x");
}

TEST_CASE("a lone carriage return ends a line") {
  CHECK(after("a\rb\r\nc", {{range(1, 0, 2, 0), "-"}}) == "a\r-c");
}

TEST_CASE("each change of a batch is told in terms of the text before it") {
  CHECK(after("abc", {{range(0, 0, 0, 1), "xy\n"}, {range(1, 0, 1, 1), "z"}}) == "xy\nzc");
  CHECK(after("abc", {{range(0, 0, 0, 1), "x"},
                      {std::nullopt, "new\ntext"},
                      {range(1, 0, 1, 4), "end"}}) == "new\nend");
  CHECK(after("abc", {{std::nullopt, "new"}, {std::nullopt, ""}, {range(0, 0, 0, 0), "last"}}) ==
        "last");
  CHECK(after("abc", {}) == "abc");
}
