#include "analysis/text/ascii.h"

#include <string_view>

#include "tests/catch.h"

using namespace bulkhead;

TEST_CASE("a part is found in any case, the first one behind a place") {
  constexpr std::string_view text = "xB from=Base, FROM=base";
  CHECK(find_ignoring_case(text, "base") == 8);
  CHECK(find_ignoring_case(text, "BASE", 9) == 19);
  CHECK(find_ignoring_case(text, "From", 4) == 14);
  CHECK(find_ignoring_case(text, "=", 8) == 18);
  CHECK(find_ignoring_case(text, "bases") == text.npos);
  CHECK(find_ignoring_case(text, "base", 20) == text.npos);
  CHECK(find_ignoring_case(text, "base", text.size() + 1) == text.npos);
  CHECK(find_ignoring_case(text, "", 3) == 3);
  CHECK(contains_ignoring_case("", ""));
  CHECK_FALSE(contains_ignoring_case("ba", "bas"));
}
