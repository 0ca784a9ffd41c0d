#include "analysis/compose/interpolation.h"

#include <string>

#include "tests/catch.h"

namespace bulkhead {

TEST_CASE("variables are found with their defaults") {
  const std::string text = "a$$b ${A:-x${B-y}}/$C-${D:?no} ${E";
  const auto found = interpolations(text);
  REQUIRE(found.size() == 5);
  CHECK(found[0].name == "A");
  CHECK(found[0].fallback == "x${B-y}");
  CHECK(found[1].name == "B");
  CHECK(found[1].fallback == "y");
  CHECK(found[1].replaced_in(text, "${B:?}") == "a$$b ${A:-x${B:?}}/$C-${D:?no} ${E");
  CHECK(found[2].name == "C");
  CHECK_FALSE(found[2].fallback);
  CHECK(found[2].replaced_in(text, "c") == "a$$b ${A:-x${B-y}}/c-${D:?no} ${E");
  CHECK(found[3].name == "D");
  CHECK_FALSE(found[3].fallback);
  CHECK(interpolations("costs 5$ or $$NAME").empty());
}

TEST_CASE("a text may be one variable") {
  CHECK(whole_interpolation("${A:-${B:-x}}")->name == "A");
  CHECK(whole_interpolation("$A")->name == "A");
  CHECK_FALSE(whole_interpolation("$A/b"));
  CHECK_FALSE(whole_interpolation("a$A"));
  CHECK_FALSE(whole_interpolation(""));
}

TEST_CASE("defaults in defaults are followed as far as anybody nests them") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "${A:-";
  CHECK(interpolations(text + std::string(100'000, '}')).size() == max_defaults + 1);
}

}  // namespace bulkhead
