#include "analysis/text/edit.h"

#include <algorithm>
#include <initializer_list>

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

TEST_CASE("edits one after another are told in terms of what the one before left") {
  CHECK(edited("one zwo", std::vector<TextEdit>{{{0, 3}, ""}, {{1, 4}, "two"}}) == " two");
  CHECK(edited("abc", std::vector<TextEdit>{}) == "abc");
}

TEST_CASE("a set of edits takes no insertion right behind what is replaced") {
  EditSet set;
  set.add({{2, 4}, "x"});
  CHECK(set.conflicts({{4, 4}, "/"}));
  CHECK_FALSE(set.conflicts({{2, 2}, "/"}));
  CHECK_FALSE(set.conflicts({{4, 6}, "y"}));
  set.add({{6, 6}, "/"});
  CHECK(set.conflicts({{5, 6}, ""}));
}

TEST_CASE("a set of edits knows what conflicts with any of them") {
  const auto inserts_behind = [](const TextEdit& edit, const TextEdit& other) {
    return edit.span.empty() && !other.span.empty() && edit.span.begin == other.span.end;
  };
  std::vector<TextEdit> all;
  for (std::uint32_t begin = 0; begin <= 3; ++begin) {
    for (std::uint32_t end = begin; end <= 3; ++end) {
      for (const char* text : {"", "x"}) all.push_back({{begin, end}, text});
    }
  }
  std::size_t wrong = 0;
  const auto check = [&](std::initializer_list<TextEdit> edits) {
    EditSet set;
    std::vector<TextEdit> added;
    for (const TextEdit& edit : edits) {
      const bool conflicts = std::ranges::any_of(added, [&](const TextEdit& other) {
        return conflict(edit, other) || inserts_behind(edit, other) || inserts_behind(other, edit);
      });
      if (set.conflicts(edit) != conflicts) ++wrong;
      if (conflicts) continue;
      set.add(edit);
      added.push_back(edit);
    }
  };
  for (const TextEdit& a : all) {
    for (const TextEdit& b : all) {
      for (const TextEdit& c : all) {
        for (const TextEdit& d : all) check({a, b, c, d});
      }
    }
  }
  CHECK(wrong == 0);
}
