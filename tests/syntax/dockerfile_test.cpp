// The wrapper around tree-sitter, tried on the grammar for Dockerfiles.

#include <string>

#include "analysis/syntax/tree.h"
#include "tests/catch.h"

using namespace bulkhead;
using namespace bulkhead::syntax;

TEST_CASE("a Dockerfile is parsed") {
  const Tree tree = parse(Language::dockerfile, "FROM scratch\nUSER app\n");
  REQUIRE(tree);
  CHECK_FALSE(tree.root().has_error());
  CHECK(tree.root().named_children().size() == 2);
}

TEST_CASE("re-parsing nothing parses the text") {
  const std::string text = "FROM scratch\n";
  const Tree tree = reparse(Tree(), text, text, {});
  REQUIRE(tree);
  CHECK(tree.root().span() == parse(Language::dockerfile, text).root().span());
}

TEST_CASE("an empty text has a tree") {
  CHECK(parse(Language::dockerfile, "").root());
  CHECK(parse(Language::bash, "").root());
}
