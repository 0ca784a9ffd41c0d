#include "analysis/text/edit.h"

#include "tests/catch.h"

using namespace bulkhead;

TEST_CASE("edits are told in terms of the text before any of them") {
  const std::vector<TextEdit> edits{{{4, 7}, "two"}, {{0, 3}, "ONE"}, {{7, 7}, "!"}};
  CHECK(apply_edits("one zwo", edits) == "ONE two!");
  CHECK(apply_edits("", std::vector<TextEdit>{{{0, 0}, "x"}}) == "x");
  CHECK(apply_edits("abc", std::vector<TextEdit>{}) == "abc");
}

TEST_CASE("equal edits are made once") {
  const std::vector<TextEdit> edits{{{0, 0}, "x"}, {{0, 0}, "x"}, {{1, 2}, ""}, {{1, 2}, ""}};
  CHECK(apply_edits("abc", edits) == "xac");
}

TEST_CASE("edits that touch the same bytes conflict") {
  CHECK(conflict({{0, 3}, "a"}, {{2, 4}, "b"}));
  CHECK(conflict({{2, 4}, "b"}, {{0, 3}, "a"}));
  CHECK(conflict({{1, 1}, "a"}, {{1, 1}, "b"}));  // which comes first?
  CHECK(conflict({{0, 3}, "a"}, {{0, 3}, "b"}));
  CHECK_FALSE(conflict({{0, 3}, "a"}, {{3, 5}, "b"}));
  CHECK_FALSE(conflict({{1, 1}, "a"}, {{1, 4}, "b"}));  // in front of what is replaced
  CHECK_FALSE(apply_edits("abcdef", std::vector<TextEdit>{{{0, 3}, "x"}, {{2, 4}, "y"}}));
}

TEST_CASE("edits outside the text are refused") {
  CHECK_FALSE(apply_edits("abc", std::vector<TextEdit>{{{2, 4}, "x"}}));
  CHECK_FALSE(apply_edits("abc", std::vector<TextEdit>{{{2, 1}, "x"}}));
}
