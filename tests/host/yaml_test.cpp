#include "host/yaml.h"

#include <optional>
#include <string>
#include <string_view>

#include "tests/catch.h"

namespace bulkhead::host {
namespace {

std::optional<yaml::Node> root_of(std::string_view text) {
  return read_yaml(text).root;
}

// The bytes of `text` that the value of `key` stands for.
std::string written(std::string_view text, std::string_view key) {
  const auto root = root_of(text);
  REQUIRE(root);
  const yaml::Node* node = root->get(key);
  REQUIRE(node);
  return std::string(text.substr(node->span.begin, node->span.size()));
}

}  // namespace

TEST_CASE("values of YAML know where they stand") {
  const std::string text =
      "\xEF\xBB\xBFname: \"a b\" # why\r\n"
      "\xC3\xBC: 1\r\n"
      "quoted: 'it''s'\r\n"
      "tagged: !!str 80\r\n"
      "anchored: &x  80\r\n"
      "list: [a, {b: c}] # end\r\n"
      "block:\r\n"
      "- one\r\n"
      "- two # last\r\n"
      "nothing:\r\n";
  CHECK(written(text, "name") == "\"a b\"");
  CHECK(written(text, "\xC3\xBC") == "1");
  CHECK(written(text, "quoted") == "'it''s'");
  CHECK(written(text, "tagged") == "80");
  CHECK(written(text, "anchored") == "80");
  CHECK(written(text, "list") == "[a, {b: c}]");
  CHECK(written(text, "block") == "- one\r\n- two");
  CHECK(written(text, "nothing").empty());

  const auto root = root_of(text);
  CHECK(root->get("name")->text == "a b");
  CHECK_FALSE(root->get("name")->plain);
  CHECK(root->get("quoted")->text == "it's");
  CHECK(root->get("list")->flow);
  CHECK(root->get("block")->scalars().size() == 2);
  CHECK(root->get("nothing")->kind == yaml::Node::Kind::null);
  CHECK_FALSE(root->get("missing"));
}

TEST_CASE("values of several lines end with the last one") {
  const std::string text =
      "literal: | # of two lines\n"
      "  # one\n"
      "\n"
      "  two\n"
      "\n"
      "# why\n"
      "folded: >-\r\n"
      "  one\r\n"
      "  two\r\n"
      "plain: one\n"
      "  two # why\n"
      "flow: {a: one\n"
      "  two, b: 3}\n"
      "double: \"one \\\"\n"
      "  two\" # why\n"
      "single: '''one'''\n"
      "empty: |\n"
      "last: |2\n"
      "    one\n"
      "   two";
  CHECK(written(text, "literal") == "| # of two lines\n  # one\n\n  two");
  CHECK(written(text, "folded") == ">-\r\n  one\r\n  two");
  CHECK(written(text, "plain") == "one\n  two");
  CHECK(written(text, "flow") == "{a: one\n  two, b: 3}");
  CHECK(written(text, "double") == "\"one \\\"\n  two\"");
  CHECK(written(text, "single") == "'''one'''");
  CHECK(written(text, "empty") == "|");
  CHECK(written(text, "last") == "|2\n    one\n   two");
}

TEST_CASE("fields end with what they say") {
  const std::string text =
      "anchored: &name value\n"
      "nothing: # yet\n"
      "\n"
      "tilde: ~\n"
      "word: null # why\n"
      "alias: *name\n"
      "flow: {a, b:}\n";
  const auto root = root_of(text);
  REQUIRE(root);
  const auto field = [&](std::string_view key) {
    const Span span = root->field(key)->span();
    return text.substr(span.begin, span.size());
  };
  CHECK(field("nothing") == "nothing:");
  CHECK(field("tilde") == "tilde: ~");
  CHECK(field("word") == "word: null");
  CHECK(field("alias") == "alias");
  CHECK(field("flow") == "flow: {a, b:}");
  CHECK(root->field("alias")->is_alias());
  CHECK_FALSE(root->field("anchored")->is_alias());
  CHECK(root->get("anchored")->anchored);
  CHECK_FALSE(root->get("flow")->anchored);
}

TEST_CASE("aliases and merged mappings count as if they were written out") {
  const auto root = root_of(
      "base: &base\n  a: 1\n  b: 2\nother: &other {c: 3}\n"
      "one:\n  <<: *base\n  b: 5\nboth:\n  <<: [*base, *other]\n");
  REQUIRE(root);
  CHECK(root->get("one")->get("a")->text == "1");
  CHECK(root->get("one")->get("b")->text == "5");
  CHECK(root->get("both")->get("c")->text == "3");
}

TEST_CASE("documents of one text are merged") {
  const auto root = root_of(
      "services:\n  a: &x {image: a}\n---\n"
      "services:\n  a: {image: b}\n  b: &x {image: c}\n  c: *x\nvolumes: {v: }\n---\n"
      "services: 1\n");
  REQUIRE(root);
  const yaml::Node* services = root->get("services");
  REQUIRE(services->fields.size() == 3);
  CHECK(services->get("a")->get("image")->text == "a");
  CHECK(services->get("c")->get("image")->text == "c");
  CHECK(root->get("volumes"));
  CHECK(root_of("---\n---\na: 1\n")->get("a"));
  CHECK_FALSE(root_of("a: 1\n---\na: *x\n"));
}

TEST_CASE("booleans are those of YAML 1.1, in quotes too") {
  const auto root = root_of("a: true\nb: 'true'\nc: Yes\nd: off\ne: 1\n");
  CHECK(root->get("a")->is(true));
  CHECK(root->get("b")->is(true));
  CHECK(root->get("c")->is(true));
  CHECK(root->get("d")->is(false));
  CHECK_FALSE(root->get("e")->is(true));
}

TEST_CASE("what is no YAML, or is meant to hurt, gives nothing") {
  CHECK_FALSE(root_of("a: [b"));
  CHECK_FALSE(root_of("a: b: c"));
  CHECK_FALSE(root_of("a: *nowhere"));
  CHECK_FALSE(root_of(std::string(100'000, '[')));
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j ? ", " : "") + before;
    bomb += "]\n";
  }
  CHECK_FALSE(root_of(bomb));
  // Some lines of it are small for a machine, but large for so small a text.
  CHECK(root_of(bomb.substr(0, bomb.find("a2"))));
  CHECK_FALSE(root_of(bomb.substr(0, bomb.find("a4"))));
  std::string keys = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 7; ++i) {
    keys += "a" + std::to_string(i) + ": &a" + std::to_string(i) + "\n";
    for (int j = 0; j < 10; ++j) keys += "  ? *a" + std::to_string(i - 1) + "\n  : x\n";
  }
  CHECK_FALSE(root_of(keys));
  std::string texts = "a: &a " + std::string(100'000, 'x') + "\nb:\n";
  for (int i = 0; i < 50'000; ++i) texts += "- *a\n";
  CHECK_FALSE(root_of(texts));
  CHECK_FALSE(root_of("a: &x [*x]") == std::nullopt);  // harmless: nothing stands inside itself
}

TEST_CASE("a fault says what it is and where") {
  const auto fault_of = [](std::string_view text) {
    const auto read = read_yaml(text);
    CHECK_FALSE(read.root);
    REQUIRE(read.fault);
    return *read.fault;
  };
  const auto in_value = fault_of(
      "\xEF\xBB\xBF"
      "a: 1\nb: c: d\n");
  CHECK(in_value.why == "illegal map value");
  CHECK(in_value.place == 12);
  CHECK(fault_of("a: *nowhere").why.find("anchor") != std::string::npos);
  CHECK(fault_of("a: [b").place == 5);
  const auto quote = fault_of("a: 1\nb: 'c\n  d: 2\n");
  CHECK(quote.why == "the quote is never closed");
  CHECK(quote.place == 8);
  CHECK(fault_of(std::string(100'000, '[')).why.find("nested") != std::string::npos);

  const auto nothing = read_yaml("# only a comment\n");
  CHECK_FALSE(nothing.root);
  CHECK_FALSE(nothing.fault);
}

TEST_CASE("what stands behind an alias is as deep as if it were written out") {
  const std::string open(150, '[');
  const std::string close(150, ']');
  const std::string deep = "a: &a " + open + close + "\n";
  CHECK(root_of(deep + "b: *a\n"));
  CHECK_FALSE(root_of(deep + "b: " + open + "*a" + close + "\n"));
}

}  // namespace bulkhead::host
