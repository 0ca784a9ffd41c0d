#include "host/discover.h"

#include <filesystem>
#include <string>
#include <vector>

#include "host/gitignore.h"
#include "tests/catch.h"
#include "tests/host/folder.h"

namespace bulkhead::host {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> found(const TemporaryFolder& folder, std::string_view below = "") {
  const fs::path start = below.empty() ? folder.path() : folder / below;
  std::vector<std::string> names;
  for (const fs::path& file : discover(start).files) {
    names.push_back(file.lexically_relative(folder.path()).generic_string());
  }
  return names;
}

using Names = std::vector<std::string>;

TEST_CASE("names of Dockerfiles") {
  for (const char* name : {"Dockerfile", "Dockerfile.dev", "api.Dockerfile", "api.dockerfile",
                           "dockerfile", "Containerfile", "Containerfile.dev"}) {
    CAPTURE(name);
    CHECK(is_dockerfile_name(name));
  }
  for (const char* name :
       {"Dockerfile.dockerignore", "api.Dockerfile.dockerignore", ".dockerignore", "Dockerfiles",
        "MyDockerfile", "mydockerfile", "Dockerfile~", "Containerfile.dockerignore"}) {
    CAPTURE(name);
    CHECK_FALSE(is_dockerfile_name(name));
  }
}

TEST_CASE("discover finds Dockerfiles below a folder, sorted") {
  const TemporaryFolder folder;
  for (const char* name :
       {"web/Dockerfile", "api/prod.Dockerfile", "Dockerfile", "api/Containerfile", "README.md",
        "node_modules/x/Dockerfile", ".git/Dockerfile", ".devcontainer/Dockerfile"}) {
    folder.write(name);
  }
  CHECK(found(folder) == Names{".devcontainer/Dockerfile", "Dockerfile", "api/Containerfile",
                               "api/prod.Dockerfile", "web/Dockerfile"});
}

TEST_CASE("discover finds ignore files where there is a Dockerfile") {
  const TemporaryFolder folder;
  for (const char* name : {".dockerignore", "api/.dockerignore", "api/dev.Dockerfile",
                           "api/dev.Dockerfile.dockerignore", "web/.dockerignore", "web/a.js"}) {
    folder.write(name);
  }
  CHECK(found(folder) ==
        Names{"api/.dockerignore", "api/dev.Dockerfile", "api/dev.Dockerfile.dockerignore"});
}

TEST_CASE("discover follows no link, so that no loop holds it") {
  const TemporaryFolder folder;
  folder.write("a/Dockerfile");
  fs::create_directory_symlink("..", folder / "a/loop");
  fs::create_symlink("a/Dockerfile", folder / "Dockerfile");
  CHECK(found(folder) == Names{"a/Dockerfile"});
}

TEST_CASE("discover leaves out what git ignores") {
  const TemporaryFolder folder;
  for (const char* name :
       {".git/HEAD", "build/Dockerfile", "src/build/Dockerfile", "src/keep/Dockerfile",
        "src/vendor/Dockerfile", "vendor/Dockerfile", "src/local.Dockerfile"}) {
    folder.write(name);
  }
  folder.write(".gitignore", "build/\n/vendor\n*.Dockerfile\n");
  CHECK(found(folder) == Names{"src/keep/Dockerfile", "src/vendor/Dockerfile"});

  folder.write("src/.gitignore", "!local.Dockerfile\n/keep/\n");
  CHECK(found(folder) == Names{"src/local.Dockerfile", "src/vendor/Dockerfile"});
  // The rules above hold as well when the search begins below them ...
  CHECK(found(folder, "src") == Names{"src/local.Dockerfile", "src/vendor/Dockerfile"});
  // ... but what is asked for by name is searched.
  CHECK(found(folder, "build") == Names{"build/Dockerfile"});
}

TEST_CASE("large .gitignore files are not heeded, and that is told") {
  const TemporaryFolder folder;
  const std::string large = std::string(1024 * 1024 - 12, '#') + "\nDockerfile\n";
  folder.write(".git/HEAD");
  folder.write("too-large/.gitignore", "#" + large);
  folder.write("too-large/Dockerfile");
  CHECK(found(folder) == Names{"too-large/Dockerfile"});
  CHECK(discover(folder.path()).problems ==
        Names{"cannot read " + (folder / "too-large/.gitignore").native() + ": larger than 1 MiB"});

  fs::remove_all(folder / "too-large");
  for (const std::string name : {"a", "b", "c", "d", "e", "f"}) {
    folder.write(name + "/.gitignore", large);
    folder.write(name + "/Dockerfile");
  }
  const Discovery discovery = discover(folder.path());
  CHECK(discovery.files.size() == 2);
  REQUIRE(discovery.problems.size() == 2);
  CHECK(discovery.problems[0].ends_with(": more than 4 MiB of such files"));
}

TEST_CASE("patterns of .gitignore come to an end") {
  CHECK_FALSE(GitIgnore(std::string(1024 * 1024, '[')).verdict("a", false));
}

TEST_CASE("a .gitignore above the repository has no say") {
  const TemporaryFolder folder;
  folder.write(".gitignore", "Dockerfile\n");
  folder.write("repository/.git/HEAD");
  folder.write("repository/Dockerfile");
  CHECK(found(folder, "repository") == Names{"repository/Dockerfile"});
}

TEST_CASE("discover says what it could not search") {
  const TemporaryFolder folder;
  const Discovery discovery = discover(folder / "none");
  CHECK(discovery.files.empty());
  CHECK(discovery.problems ==
        Names{"cannot search " + (folder / "none").native() + ": No such file or directory"});
}

TEST_CASE("patterns of .gitignore") {
  struct Case {
    const char* patterns;
    const char* path;  // a folder if it ends with '/'
    std::optional<bool> verdict;
  };
  const std::optional<bool> ignored = true;
  const std::optional<bool> kept = false;
  const std::optional<bool> silent;
  const Case cases[] = {
      {"foo", "foo", ignored},
      {"foo", "a/b/foo", ignored},
      {"foo", "foobar", silent},
      {"foo/", "foo", silent},
      {"foo/", "a/foo/", ignored},
      {"/foo", "foo", ignored},
      {"/foo", "a/foo", silent},
      {"a/foo", "a/foo", ignored},
      {"a/foo", "b/a/foo", silent},
      {"*.log", "a/b.log", ignored},
      {"*.log", "log", silent},
      {"a/*", "a/b", ignored},
      {"a/*", "a/b/c", silent},
      {"**/foo", "foo", ignored},
      {"**/foo", "a/b/foo", ignored},
      {"**/a/b", "x/a/b", ignored},
      {"a/**", "a/b/c", ignored},
      {"a/**", "a/", silent},
      {"a/**/b", "a/b", ignored},
      {"a/**/b", "a/x/y/b", ignored},
      {"a/**/b", "a/x/y/c", silent},
      {"a**b", "axxb", ignored},
      {"a?c", "abc", ignored},
      {"a?c", "ac", silent},
      {"[a-c]x", "bx", ignored},
      {"[!a-c]x", "bx", silent},
      {"[^a-c]x", "dx", ignored},
      {"[]x]", "]", ignored},
      {"[ab", "[ab", ignored},
      {"[a]?[b-c]", "axc", ignored},
      {"[a]?[b-c]", "axa", silent},
      {"[]a[b", "[]a[b", ignored},
      {"\\*", "*", ignored},
      {"\\*", "x", silent},
      {"\\#a", "#a", ignored},
      {"#a", "#a", silent},
      {"\\!a", "!a", ignored},
      {"foo  ", "foo", ignored},
      {"foo\\ ", "foo ", ignored},
      {"foo\r\nbar\r\n", "bar", ignored},
      {"\xEF\xBB\xBF"
       "foo",
       "foo", ignored},
      {"*\n!foo", "foo", kept},
      {"!foo\n*", "foo", ignored},
      {"", "foo", silent},
      {"/", "foo", silent},
      {"*a*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
       silent},
  };
  for (const Case& c : cases) {
    CAPTURE(c.patterns, c.path);
    std::string_view path = c.path;
    const bool folder = path.ends_with('/');
    if (folder) path.remove_suffix(1);
    CHECK(GitIgnore(c.patterns).verdict(path, folder) == c.verdict);
  }
}

}  // namespace
}  // namespace bulkhead::host
