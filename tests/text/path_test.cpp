#include "analysis/text/path.h"

#include "tests/catch.h"

using bulkhead::relative_path;

TEST_CASE("the way from a folder to a path") {
  CHECK(relative_path("/a/b", "/a/b/c") == "c");
  CHECK(relative_path("/a/b/", "/a/./c/d") == "../c/d");
  CHECK(relative_path("/a/b", "/a/bc") == "../bc");
  CHECK(relative_path("", "a/b") == "a/b");
  CHECK(relative_path("a", "b") == "../b");
}

TEST_CASE("the way from and to the root folder") {
  CHECK(relative_path("/", "/compose.yaml") == "compose.yaml");
  CHECK(relative_path("/", "/a/compose.yaml") == "a/compose.yaml");
  CHECK(relative_path("/a/b", "/compose.yaml") == "../../compose.yaml");
}
