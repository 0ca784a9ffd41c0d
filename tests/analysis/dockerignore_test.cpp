#include "analysis/dockerignore.h"

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/catch.h"

namespace bulkhead::test {
namespace {

void check(std::string_view patterns, std::initializer_list<std::string_view> ignored,
           std::initializer_list<std::string_view> sent) {
  INFO(std::string(patterns));
  const DockerIgnore ignore(patterns);
  for (const std::string_view path : ignored) {
    INFO(std::string(path));
    CHECK(ignore.ignores(path));
  }
  for (const std::string_view path : sent) {
    INFO(std::string(path));
    CHECK_FALSE(ignore.ignores(path));
  }
}

}  // namespace

TEST_CASE("a pattern is tied to the root of the context") {
  check("docs", {"docs", "docs/a/b"}, {"src/docs", "docs2", "adocs"});
  check("src/docs", {"src/docs", "src/docs/a"}, {"docs", "a/src/docs"});
}

TEST_CASE("stars and question marks stop at a slash") {
  check("*.md", {"a.md", ".md", "x.md/inside"}, {"docs/a.md", "a.mdx"});
  check("*/temp*", {"a/temp", "a/temporary", "a/temp/b"}, {"temp", "a/b/temp"});
  check("temp?", {"tempa", "temp1/x", "temp\xC3\xA9"}, {"temp", "tempab", "temp/a"});
  check("*", {"a", "a/b", ".git"}, {});
}

TEST_CASE("two stars are any number of folders") {
  check("**/.env", {".env", "a/.env", "a/b/.env"}, {"a.env", ".env.local"});
  check("**/*.go", {"a.go", "x/a.go", "x/y/a.go"}, {"a.god"});
  check("src/**", {"src/a", "src/a/b"}, {"src", "srcs"});
  check("a/**/z", {"a/z", "a/b/z", "a/b/c/z"}, {"az", "a/bz", "z"});
  check("**", {"a", "a/b"}, {});
  check("**/", {"a", "a/b"}, {});
  check("**.swp", {".swp", "a.swp", "x/a.swp"}, {"a.swpx"});
  check("a**b", {"ab", "ax/b", "a/b"}, {"axb"});
}

TEST_CASE("sets and escapes") {
  check("[a-c].txt", {"a.txt", "c.txt"}, {"d.txt", "[a-c].txt"});
  check("[^a-c].txt", {"d.txt"}, {"a.txt"});
  check("\\*.txt", {"*.txt"}, {"a.txt"});
  check("a\\?", {"a?"}, {"ab"});
  check("[]a", {}, {"a", "[]a"});  // malformed
  check("[a", {}, {"a", "[a"});
  check("a\\", {}, {"a", "a\\"});
  check("a.c+(x)", {"a.c+(x)"}, {"abc+(x)"});
}

TEST_CASE("comments, blanks and the mark at the start of the file do not count") {
  check("# a\n\n  b  \n #c\n\t\n", {"b", "#c"}, {"a", "# a", "  b  "});
  check(
      "\xEF\xBB\xBF"
      "a\r\nb\r\n",
      {"a", "b"}, {"a\r"});
}

TEST_CASE("patterns are cleaned as paths") {
  check("/a\n./b/\nc//d\ne/../f\n", {"a", "b", "b/x", "c/d", "f"}, {"e", "e/x"});
  check("/", {}, {"a", "a/b"});
  check(".", {}, {"a"});
  check("../a", {}, {"a"});
}

TEST_CASE("an exclamation mark takes back, and the last match counts") {
  check("*.md\n!README.md", {"a.md"}, {"README.md"});
  check("*.md\n!README*.md\nREADME-secret.md", {"a.md", "README-secret.md"},
        {"README.md", "README-x.md"});
  check("!README.md\n*.md", {"README.md"}, {});
  check("*\n!src\nsrc/private", {"a", "src/private/x"}, {"src", "src/a"});
  check("*\n!src/main/app", {"a", "src/b", "src/main/b"}, {"src/main/app", "src/main/app/x"});
  check("**/.env.*\n! **/.env.example", {".env.local", "a/.env.local"},
        {".env.example", "a/.env.example"});
  check("!", {}, {"a"});
}

TEST_CASE("each pattern tells whether it matches anything") {
  const DockerIgnore ignore("# comment\nsrc\n**/*.log\n[\n*.md\n!README.md\nnone");
  const std::vector<std::string> paths = {"src", "src/a.log", "README.md"};
  CHECK(ignore.matching(paths) == std::vector<bool>{true, true, true, true, false});
}

TEST_CASE("hostile patterns take no longer than their size tells") {
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "*a**/";
  const DockerIgnore ignore(pattern + "b");
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(ignore.ignores(std::string(1000, 'a')));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

}  // namespace bulkhead::test
