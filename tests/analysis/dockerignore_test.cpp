#include "analysis/dockerignore.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/ignore_file.h"
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
  check("**/**/a", {"a", "x/a", "x/y/a"}, {"xa", "a2"});
  check("a/**/**/z", {"a/z", "a/b/z", "a/b/c/z"}, {"az", "a/bz"});
  check("a/**/**", {"a/b", "a/b/c"}, {"a", "ab"});
}

TEST_CASE("sets and escapes") {
  check("[a-c].txt", {"a.txt", "c.txt"}, {"d.txt", "[a-c].txt"});
  check("[^a-c].txt", {"d.txt"}, {"a.txt"});
  check("\\*.txt", {"*.txt"}, {"a.txt"});
  check("a\\?", {"a?"}, {"ab"});
  check("[]a", {}, {"a", "[]a"});  // malformed
  check("[a", {}, {"a", "[a"});
  check("[c-a]", {}, {"a", "b", "c"});  // malformed: it goes backwards
  check("[\\]]", {"]"}, {"a"});
  check("[^a]b", {"cb"}, {"ab"});
  check("src\\bin", {}, {"src/bin", "srcbin", "src\\bin"});  // no folder, and no good
  check("a\\ b", {"a b"}, {"a"});
  check("a\\", {}, {"a", "a\\"});
  check("a.c+(x)", {"a.c+(x)"}, {"abc+(x)"});
}

TEST_CASE("comments, blanks and the mark at the start of the file do not count") {
  check("# a\n\n  b  \n #c\n\t\n", {"b", "#c"}, {"a", "# a", "  b  "});
  check(
      "\xEF\xBB\xBF"
      "a\r\nb\r\n",
      {"a", "b"}, {"a\r"});
  check(
      "\xEF\xBB\xBF"
      "# a\n#b",
      {}, {"# a", "#b", "a", "b"});
  check(
      "a \t\v\f\n\xC2\xA0"
      "b\xE3\x80\x80\n",
      {"a", "b"},
      {"a ",
       "\xC2\xA0"
       "b"});  // Unicode's as well
  check("a # b\n#", {"a # b"}, {"a", "#"});
  check("a b", {"a b"}, {"a", "b"});
  check("last", {"last"}, {});
}

TEST_CASE("patterns are cleaned as paths") {
  check("/a\n./b/\nc//d\ne/../f\n", {"a", "b", "b/x", "c/d", "f"}, {"e", "e/x"});
  check("/", {}, {"a", "a/b"});
  check(".", {}, {"a"});
  check("../a", {}, {"a"});
  check("//a\n!//a/b", {"a", "a/c"}, {"a/b"});
  check("a/", {"a", "a/b"}, {"b/a"});
  check("a/.", {"a"}, {});
  check("/**/a", {"a", "b/a"}, {});
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
  check("a\n! a", {}, {"a"});
  check("*\n!*/\n", {}, {"a", "a/b"});
  check("**\n!a/b/c", {"a", "a/b", "a/x", "a/b/d"}, {"a/b/c", "a/b/c/d"});
  check("a\n!a/b\na/b/c", {"a", "a/x", "a/b/c"}, {"a/b", "a/b/d"});
  check("a/b\n!a", {"a/b", "a/b/c"}, {"a"});  // of a folder that nothing ignored
  check("!!a\n", {}, {"!a", "a"});
}

TEST_CASE("patterns are told with their place") {
  constexpr std::string_view text = "\xEF\xBB\xBF# c\n\n /a/ \r\n! ./b\n!\n/\nlast";
  const auto patterns = ignore_patterns(text);
  std::vector<std::string> told;
  for (const IgnorePattern& each : patterns) {
    told.push_back(std::string(text.substr(each.span.begin, each.span.size())) + " " +
                   (each.takes_back ? "!" : "") + each.path);
  }
  CHECK(told == std::vector<std::string>{"/a/ a", "! ./b !b", "! !", "/ ", "last last"});
  const auto is_malformed = [](std::string_view pattern) {
    return DockerIgnore::is_malformed(ignore_patterns(pattern)[0]);
  };
  for (const char* pattern : {"!", "[a", "a\\", "[b-a]", "[]", "[-a]", "a\\b"}) {
    INFO(pattern);
    CHECK(is_malformed(pattern));
  }
  for (const char* pattern : {"a", "!a", "/", ".", "[a-b]", "a]", "\\!", "**", "!**"}) {
    INFO(pattern);
    CHECK_FALSE(is_malformed(pattern));
  }
}

TEST_CASE("an ignore file is a snapshot") {
  const auto file = IgnoreFile::create("# one\n\n# two\na\nb\n# three\n");
  REQUIRE(file->patterns().size() == 2);
  const auto remarks = file->remarks();
  REQUIRE(remarks.size() == 3);
  CHECK(file->text(remarks[0].comment) == "# one");
  CHECK(remarks[0].subject == file->patterns()[0].span);
  CHECK(remarks[1].subject == file->patterns()[0].span);
  CHECK_FALSE(remarks[2].subject);
  CHECK(file->subject_at(file->patterns()[1].span.begin) == file->patterns()[1].span);
  CHECK_FALSE(file->subject_at(0));
  const TextEdit edit{{0, 7}, "c\n"};
  CHECK(file->after(std::span(&edit, 1))->text() == "c\n# two\na\nb\n# three\n");
}

TEST_CASE("an exception asks for what it names, not for what lies in it") {
  CHECK(DockerIgnore("*\n!.env.production").asks_for(".env.production"));
  CHECK(DockerIgnore("*\n!certs/*.pem").asks_for("certs/a.pem"));
  CHECK_FALSE(DockerIgnore("*\n!src").asks_for("src/.env"));
  CHECK_FALSE(DockerIgnore("!a.pem\n*.pem").asks_for("a.pem"));
  CHECK_FALSE(DockerIgnore("*.pem\n!**/*").asks_for("a.pem"));
  CHECK_FALSE(DockerIgnore("").asks_for("a.pem"));
}

TEST_CASE("each pattern tells whether it matches anything") {
  const DockerIgnore ignore("# comment\nsrc\n**/*.log\n[\n*.md\n!README.md\nnone");
  const std::vector<std::string> paths = {"src", "src/a.log", "README.md"};
  CHECK(ignore.matching(paths) == std::vector<bool>{true, true, true, true, false});
}

TEST_CASE("hostile patterns come to an end") {
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "*a**/";
  const DockerIgnore ignore(pattern + "b");
  CHECK_FALSE(ignore.ignores(std::string(1000, 'a')));

  constexpr std::size_t size = 1024 * 1024;
  CHECK(DockerIgnore("*" + std::string(size, 'a')).size() == 1);
  std::string folders;
  for (std::size_t i = 0; i < size / 3; ++i) folders += "**/";
  CHECK(DockerIgnore(folders + "a").ignores("x/y/a"));
  CHECK_FALSE(DockerIgnore(folders + "?b").ignores("x/y/a"));
  // Longer than each of the paths.
  std::string long_one = "*";
  for (std::size_t i = 0; i < size / 2; ++i) long_one += "a?";
  const DockerIgnore long_ignore(long_one + "*");
  int ignored = 0;
  for (int i = 0; i < 2000; ++i)
    ignored += long_ignore.ignores(std::string(100, 'a') + std::to_string(i)) ? 1 : 0;
  CHECK(ignored == 0);
}

}  // namespace bulkhead::test
