// The wrapper around tree-sitter, tried on its grammar for bash.

#include <string>

#include "analysis/syntax/tree.h"
#include "tests/catch.h"
#include "tests/syntax/dump.h"

using namespace bulkhead;
using namespace bulkhead::syntax;

TEST_CASE("a tree tells kinds, fields, places and rows") {
  const std::string text = "FOO=1 cp a \\\n  b\nls\n";
  const Tree tree = parse(Language::bash, text);
  REQUIRE(tree);
  const Node root = tree.root();
  CHECK(root.kind() == "program");
  CHECK_FALSE(root.has_error());
  const auto statements = root.named_children();
  REQUIRE(statements.size() == 2);
  const Node command = statements[0];
  CHECK(command.kind() == "command");
  CHECK(command.symbol() == symbol(Language::bash, "command"));
  CHECK(command.span() == Span{0, 16});
  CHECK(command.start_row() == 0);
  CHECK(command.end_row() == 1);
  CHECK(command.child(field(Language::bash, "name")).span() == Span{6, 8});
  CHECK_FALSE(command.child(field(Language::bash, "redirect")));
  CHECK(statements[1].start_row() == 2);
}

TEST_CASE("no node answers everything") {
  const Node none;
  CHECK_FALSE(none);
  CHECK(none.kind().empty());
  CHECK(none.symbol() == 0);
  CHECK(none.span() == Span{0, 0});
  CHECK(none.children().empty());
  CHECK_FALSE(none.child(field(Language::bash, "name")));
  CHECK_FALSE(none.has_error());
  Cursor cursor(none);
  CHECK_FALSE(cursor.to_first_child());
  CHECK_FALSE(cursor.to_next_sibling());
  CHECK_FALSE(cursor.to_parent());
  CHECK_FALSE(cursor.node());
  CHECK(cursor.field() == 0);
}

TEST_CASE("an unknown kind or field is 0, which no node has") {
  CHECK(symbol(Language::bash, "no such kind") == 0);
  CHECK(symbol(Language::bash, "&&", false) != 0);
  CHECK(symbol(Language::bash, "&&", true) == 0);
  CHECK(field(Language::bash, "no such field") == 0);
  CHECK(field(Language::bash, "name") != 0);
}

TEST_CASE("a cursor walks the tree and stays inside the node it began at") {
  const Tree tree = parse(Language::bash, "cp a b && ls");
  const Node list = tree.root().named_children().at(0);
  REQUIRE(list.kind() == "list");
  Cursor cursor(list);
  CHECK_FALSE(cursor.to_next_sibling());
  CHECK_FALSE(cursor.to_parent());
  REQUIRE(cursor.to_first_child());
  CHECK(cursor.node().kind() == "command");
  REQUIRE(cursor.to_first_child());
  CHECK(cursor.field() == field(Language::bash, "name"));
  REQUIRE(cursor.to_next_sibling());
  CHECK(cursor.field() == field(Language::bash, "argument"));
  REQUIRE(cursor.to_parent());
  REQUIRE(cursor.to_next_sibling());
  CHECK(cursor.node().kind() == "&&");
  CHECK_FALSE(cursor.node().is_named());
}

TEST_CASE("faults are nodes") {
  const Tree tree = parse(Language::bash, "if true; then echo");
  REQUIRE(tree);
  CHECK(tree.root().has_error());
  bool found = false;
  for (const Node& node : tree.root().children())
    found = found || node.is_error() || node.has_error();
  CHECK(found);
}

TEST_CASE("a tree can be moved, and its nodes go with it") {
  Tree first = parse(Language::bash, "ls");
  const Node root = first.root();
  const Tree second = std::move(first);
  CHECK(second.root() == root);
  CHECK(root.kind() == "program");
}

TEST_CASE("parsing again after edits gives the tree of a fresh parse") {
  const std::string before = "cp a b\nls -l\nrm c\n";
  const Tree old = parse(Language::bash, before);

  SECTION("one edit") {
    const TextEdit edits[] = {{{7, 9}, "cat <<X\n$y\nX\nls"}};
    const std::string after = "cp a b\ncat <<X\n$y\nX\nls -l\nrm c\n";
    CHECK(dump(reparse(old, before, after, edits)) == dump(parse(Language::bash, after)));
  }
  SECTION("the second edit is told in terms of what the first one left") {
    const TextEdit edits[] = {{{0, 7}, ""}, {{0, 2}, "stat"}, {{12, 13}, "d\n"}};
    const std::string after = "stat -l\nrm d\n\n";
    CHECK(dump(reparse(old, before, after, edits)) == dump(parse(Language::bash, after)));
  }
  SECTION("edits that do not lead to the new text") {
    const std::string after = "id\n";
    const TextEdit wrong[] = {{{0, 2}, "mv"}};
    CHECK(dump(reparse(old, before, after, wrong)) == dump(parse(Language::bash, after)));
    const TextEdit beyond[] = {{{90, 91}, "mv"}};
    CHECK(dump(reparse(old, before, after, beyond)) == dump(parse(Language::bash, after)));
  }
}

TEST_CASE("a text that would take quadratic time gives an empty tree, the same way every time") {
  // Between any two of these, bash's scanner looks for a regular expression up to the end of the text.
  const std::string text(200'000, ')');
  CHECK_FALSE(parse(Language::bash, text));
  CHECK(parse(Language::bash, std::string(200, ')')));
}

TEST_CASE("unfinished pipes and substitutions do not multiply the ways to end them") {
  std::string text;
  for (int i = 0; i < 3001; ++i) text += "`<a";
  CHECK(parse(Language::bash, text).root().has_error());
  text.clear();
  for (int i = 0; i < 10'000; ++i) text += "a|";
  CHECK(parse(Language::bash, text).root().has_error());
}
