#include "host/context.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/host/folder.h"

namespace bulkhead::host {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> paths(const BuildContext& context) {
  std::vector<std::string> paths;
  for (const BuildContext::Entry& entry : context.entries) {
    paths.push_back(entry.path + (entry.folder ? "/" : ""));
  }
  return paths;
}

TEST_CASE("scan_context lists files and folders with sizes, sorted") {
  const TemporaryFolder folder;
  folder.write("src/main.c", "int main;");
  folder.write("Dockerfile", "FROM a\n");
  folder.write("a file", "");
  const auto context = scan_context(folder.path(), "Dockerfile");
  REQUIRE(context);
  CHECK(paths(*context) == std::vector<std::string>{"Dockerfile", "a file", "src/", "src/main.c"});
  CHECK(context->entries[0].size == 7);
  CHECK(context->entries[2].size == 0);
  CHECK(context->entries[3].size == 9);
  CHECK_FALSE(context->truncated);
  CHECK_FALSE(context->ignore_file);
}

TEST_CASE("scan_context lists .git and node_modules but not what is in them") {
  const TemporaryFolder folder;
  folder.write(".git/HEAD", "ref");
  folder.write("web/node_modules/left-pad/index.js", "x");
  const auto context = scan_context(folder.path(), "Dockerfile");
  REQUIRE(context);
  CHECK(paths(*context) == std::vector<std::string>{".git/", "web/", "web/node_modules/"});
  CHECK_FALSE(context->truncated);
}

TEST_CASE("scan_context follows no symbolic link") {
  const TemporaryFolder folder;
  folder.write("a/file", "x");
  fs::create_directory_symlink("..", folder / "a/loop");
  fs::create_symlink("nowhere", folder / "broken");
  const auto context = scan_context(folder.path(), "Dockerfile");
  REQUIRE(context);
  CHECK(paths(*context) == std::vector<std::string>{"a/", "a/file", "a/loop", "broken"});
}

TEST_CASE("scan_context stops at its limits and says so") {
  const TemporaryFolder folder;
  for (int i = 0; i < 10; ++i) folder.write("f" + std::to_string(i));
  folder.write("deep/er/est/file");
  auto context = scan_context(folder.path(), "Dockerfile", {.entries = 5});
  REQUIRE(context);
  CHECK(context->entries.size() == 5);
  CHECK(context->truncated);

  context = scan_context(folder.path(), "Dockerfile", {.entries = 100, .depth = 1});
  REQUIRE(context);
  CHECK(context->truncated);
  CHECK(std::ranges::count(paths(*context), "deep/er/") == 1);
  CHECK(std::ranges::count(paths(*context), "deep/er/est/") == 0);

  context = scan_context(folder.path(), "Dockerfile", {.entries = 14, .depth = 3});
  REQUIRE(context);
  CHECK(context->entries.size() == 14);
  CHECK_FALSE(context->truncated);
}

TEST_CASE("scan_context reads the ignore file that the builder would use") {
  const TemporaryFolder folder;
  folder.write(".dockerignore", ".git\n");
  folder.write("api.Dockerfile.dockerignore", "*.md\n");
  auto context = scan_context(folder.path(), "Dockerfile");
  REQUIRE((context && context->ignore_file));
  CHECK(context->ignore_file->path == ".dockerignore");
  CHECK(context->ignore_file->text == ".git\n");

  context = scan_context(folder.path(), "api.Dockerfile");
  REQUIRE((context && context->ignore_file));
  CHECK(context->ignore_file->path == "api.Dockerfile.dockerignore");
  CHECK(context->ignore_file->text == "*.md\n");
}

TEST_CASE("scan_context knows nothing of what is not a folder") {
  const TemporaryFolder folder;
  CHECK_FALSE(scan_context(folder / "none", "Dockerfile"));
  CHECK_FALSE(scan_context(folder.write("file", "x"), "Dockerfile"));
}

TEST_CASE("scan_context leaves out what may not be read") {
  const TemporaryFolder folder;
  folder.write("private/key");
  fs::permissions(folder / "private", fs::perms::none);
  const auto context = [&] {
    const Unprivileged user;
    return scan_context(folder.path(), "Dockerfile");
  }();
  REQUIRE(context);
  CHECK(paths(*context) == std::vector<std::string>{"private/"});
  CHECK(context->truncated);
}

TEST_CASE("a Dockerfile's folder is its context") {
  const TemporaryFolder folder;
  folder.write("api/Dockerfile", "FROM a\n");
  folder.write("api/main.py");
  folder.write("api/dev.Dockerfile.dockerignore", "*.md\n");
  folder.write("web/main.js");
  const std::vector<std::string> api{"Dockerfile", "dev.Dockerfile.dockerignore", "main.py"};

  ContextScanner scanner;
  auto context = scanner.scan(folder / "api/Dockerfile").build;
  REQUIRE(context);
  CHECK(paths(*context) == api);
  CHECK_FALSE(context->ignore_file);
  // Its neighbour has the same listing and an ignore file of its own.
  context = scanner.scan(folder / "api/dev.Dockerfile").build;
  REQUIRE((context && context->ignore_file));
  CHECK(paths(*context) == api);
  CHECK(context->ignore_file->text == "*.md\n");
  context = scanner.scan(folder / "web/Dockerfile").build;
  REQUIRE(context);
  CHECK(paths(*context) == std::vector<std::string>{"main.js"});
  CHECK_FALSE(scanner.scan(folder / "none/Dockerfile").build);

  // "Dockerfile" without a folder stands in the current one.
  const fs::path before = fs::current_path();
  fs::current_path(folder / "api");
  context = ContextScanner().scan("Dockerfile").build;
  fs::current_path(before);
  REQUIRE(context);
  CHECK(paths(*context) == api);
}

TEST_CASE("today is a date") {
  CHECK(today().ok());
}

}  // namespace
}  // namespace bulkhead::host
