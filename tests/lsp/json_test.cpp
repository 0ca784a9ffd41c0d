#include "lsp/json.h"

#include <string>

#include "tests/catch.h"

using namespace bulkhead::lsp;

TEST_CASE("a string is written as the library writes it, whatever stands in it and where") {
  for (std::size_t size = 0; size <= 17; ++size) {
    for (int byte = 0; byte < 256; ++byte) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, 'a');
        text[at] = static_cast<char>(byte);
        std::string out = "[";
        append_string(out, text);
        if (out != "[" + to_text(Json(text)).text) FAIL(byte << " at " << at << " of " << size);
      }
    }
  }
  std::string empty;
  append_string(empty, {});
  CHECK(empty == R"("")");
}
