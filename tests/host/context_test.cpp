#include "host/context.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "analysis/compose/compose.h"
#include "analysis/model/document.h"
#include "host/snapshot.h"
#include "host/yaml.h"
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

TEST_CASE("scan_context lists .git but not what is in it") {
  const TemporaryFolder folder;
  folder.write(".git/HEAD", "ref");
  folder.write("a/.git/HEAD", "ref");
  const auto context = scan_context(folder.path(), "Dockerfile");
  REQUIRE(context);
  CHECK(paths(*context) == std::vector<std::string>{".git/", "a/", "a/.git/"});
  CHECK_FALSE(context->truncated);
}

TEST_CASE("scan_context lists all of node_modules or nothing") {
  const TemporaryFolder folder;
  for (int i = 0; i < 10; ++i)
    folder.write("node_modules/a/node_modules/b/f" + std::to_string(i), "x");
  folder.write("z/node_modules/c/index.js", "x");
  folder.write("z/main.js", "x");
  auto context = scan_context(folder.path(), "Dockerfile");
  REQUIRE(context);
  CHECK(context->entries.size() == 19);
  CHECK_FALSE(context->truncated);
  context = scan_context(folder.path(), "Dockerfile", {.entries = 8});
  REQUIRE(context);
  CHECK(paths(*context) == std::vector<std::string>{"node_modules/", "z/", "z/main.js",
                                                    "z/node_modules/", "z/node_modules/c/",
                                                    "z/node_modules/c/index.js"});
  CHECK_FALSE(context->truncated);
}

TEST_CASE("scan_context comes last to what git ignores") {
  const TemporaryFolder folder;
  folder.write(".gitignore", "/a/\n");
  folder.write("b/.gitignore", "target\n");
  for (int i = 0; i < 10; ++i) {
    folder.write("a/f" + std::to_string(i));
    folder.write("b/target/f" + std::to_string(i));
  }
  folder.write("z/deep/er/file");
  auto context = scan_context(folder.path(), "Dockerfile", {.entries = 12});
  REQUIRE(context);
  CHECK(context->truncated);
  CHECK(std::ranges::count(paths(*context), "z/deep/er/file") == 1);
  CHECK(std::ranges::count(paths(*context), "a/") == 1);
  context = scan_context(folder.path(), "Dockerfile");
  REQUIRE(context);
  CHECK_FALSE(context->truncated);
  CHECK(context->entries.size() == 29);
}

TEST_CASE("scan_context ends when its time is over, and says so") {
  const TemporaryFolder folder;
  folder.write("a");
  const auto context =
      scan_context(folder.path(), "Dockerfile", {.time = std::chrono::milliseconds(0)});
  REQUIRE(context);
  CHECK(context->truncated);
}

TEST_CASE("scan_context is not lost in deep folders") {
  const TemporaryFolder folder;
  fs::path deep;
  for (int i = 0; i < 200; ++i) deep /= "d";
  fs::create_directories(folder.path() / deep);
  const auto context = scan_context(folder.path(), "Dockerfile");
  REQUIRE(context);
  CHECK(context->truncated);
  CHECK(context->entries.size() == ScanLimits().depth + 1);
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

TEST_CASE("an ignore file is for the Dockerfiles of its folder that have none of their own") {
  const TemporaryFolder folder;
  folder.write("Dockerfile", "FROM a\n");
  folder.write("api.Dockerfile", "FROM b\n");
  folder.write("web.Dockerfile", "FROM c\n");
  folder.write("web.Dockerfile.dockerignore", "*.md\n");
  folder.write(".dockerignore", ".git\n");
  folder.write("deep/Dockerfile", "FROM d\n");
  ContextScanner scanner;
  const auto names = [](const Context& context) {
    std::vector<std::string> found;
    for (const NearbyDockerfile& nearby : context.dockerfiles) found.push_back(nearby.file);
    return found;
  };
  const Context all = scanner.scan(folder / ".dockerignore");
  CHECK(names(all) == std::vector<std::string>{"Dockerfile", "api.Dockerfile", "deep/Dockerfile"});
  CHECK(all.dockerfiles[0].dockerfile->text() == "FROM a\n");
  REQUIRE((all.build && all.build->ignore_file));
  CHECK(all.build->ignore_file->path == ".dockerignore");
  const Context one = scanner.scan(folder / "web.Dockerfile.dockerignore");
  CHECK(names(one) == std::vector<std::string>{"web.Dockerfile"});
  REQUIRE((one.build && one.build->ignore_file));
  CHECK(one.build->ignore_file->text == "*.md\n");
  CHECK(names(scanner.scan(folder / "none.Dockerfile.dockerignore")).empty());
  // Dockerfiles know of one another.
  CHECK(names(scanner.scan(folder / "Dockerfile")) ==
        std::vector<std::string>{"api.Dockerfile", "deep/Dockerfile"});
  CHECK(names(scanner.scan(folder / "deep/Dockerfile")) ==
        std::vector<std::string>{"../Dockerfile", "../api.Dockerfile"});
}

TEST_CASE("a compose file knows of those beside it") {
  const TemporaryFolder folder;
  folder.write("compose.yaml", "services: {a: {image: a}}\n");
  folder.write("compose.override.yaml", "services: {a: {image: b}}\n");
  folder.write("deep/compose.yaml", "services: {a: {image: c}}\n");
  const Context context = ContextScanner().scan(folder / "compose.yaml");
  REQUIRE(context.compose_files.size() == 1);
  CHECK(context.compose_files[0]->text() == "services: {a: {image: b}}\n");
}

TEST_CASE("the context is the folder that has what the Dockerfile names") {
  const TemporaryFolder folder;
  fs::create_directory(folder / ".git");
  folder.write(".dockerignore", "*.md\n");
  folder.write("go.mod");
  folder.write("cmd/main.go");
  folder.write("docker/run.sh");
  folder.write("web/.dockerignore");
  folder.write("web/package.json");
  folder.write("web/src/index.js");
  const auto root = [&](std::string_view path, std::string_view text) -> std::string {
    folder.write(path, text);
    const auto context = ContextScanner().scan(folder / path).build;
    if (!context) return "unknown";
    return context->root.empty() ? "here" : context->root;
  };
  CHECK(root("docker/Dockerfile", "FROM a\nCOPY go.mod ./\nCOPY cmd cmd\nCOPY . .\n") == "../");
  CHECK(root("docker/Dockerfile", "FROM a\nCOPY docker/*.sh go.* /\n") == "../");
  CHECK(root("docker/Dockerfile", "FROM a\nCOPY run.sh /\n") == "here");
  CHECK(root("docker/Dockerfile", "FROM a\nCOPY a.txt b.txt c.txt go.mod /\n") == "unknown");
  CHECK(root("Dockerfile", "FROM a\nCOPY a.txt b.txt c.txt go.mod /\n") == "here");
  CHECK(root("web/Dockerfile", "FROM a\nCOPY package*.json src ./\n") == "here");
  CHECK(root("web/Dockerfile", "FROM a\nCOPY go.mod web/src ./\n") == "../");
  // Nothing is named.
  CHECK(root("docker/Dockerfile", "FROM a\nCOPY . .\n") == "../");
  CHECK(root("web/Dockerfile", "FROM a\nCOPY . .\n") == "here");
  folder.write("api/requirements.txt");
  CHECK(root("api/Dockerfile", "FROM a\nCOPY . .\n") == "unknown");
  fs::remove(folder / ".dockerignore");
  CHECK(root("api/Dockerfile", "FROM a\nCOPY . .\n") == "here");
  CHECK(root("docker/Dockerfile", "FROM a\nCOPY . .\n") == "unknown");
}

TEST_CASE("the only ignore file, beside the Dockerfile, counts as one thing that is there") {
  const TemporaryFolder folder;
  fs::create_directory(folder / ".git");
  folder.write("dist/index.html");
  folder.write("package.json");
  folder.write("web/.dockerignore");
  folder.write("web/package.json");
  folder.write("api/package.json");
  const auto root = [&](std::string_view path, std::string_view text) {
    folder.write(path, text);
    const auto context = ContextScanner().scan(folder / path).build;
    return context ? context->root : "unknown";
  };
  // What only the build makes lies elsewhere as well.
  CHECK(root("web/Dockerfile", "FROM a\nCOPY dist dist\nCOPY . .\n").empty());
  CHECK(root("web/Dockerfile", "FROM a\nCOPY package.json dist ./\n").empty());
  CHECK(root("web/Dockerfile", "FROM a\nCOPY dist api ./\n") == "../");
  CHECK(root("api/Dockerfile", "FROM a\nCOPY dist dist\nCOPY . .\n") == "../");
  folder.write(".dockerignore");
  CHECK(root("web/Dockerfile", "FROM a\nCOPY dist dist\nCOPY . .\n") == "../");
}

TEST_CASE("a compose file says which folder the context is") {
  const TemporaryFolder folder;
  fs::create_directory(folder / ".git");
  folder.write("docker/Dockerfile", "FROM a\nCOPY a.txt b.txt /\n");
  folder.write("docker/a.txt");
  folder.write("docker/b.txt");
  folder.write("app/main.py");
  folder.write("compose.yaml",
               "services:\n  a:\n    build: {context: app, dockerfile: ../docker/Dockerfile}\n");
  const auto context = [&] { return ContextScanner().scan(folder / "docker/Dockerfile").build; };
  REQUIRE(context());
  CHECK(context()->root == "../app/");
  CHECK(paths(*context()) == std::vector<std::string>{"main.py"});
  // Nobody's file leads out of the repository.
  folder.write("compose.yaml", "services:\n  a:\n    build: {context: /, dockerfile: " +
                                   (folder / "docker/Dockerfile").native() + "}\n");
  CHECK(context()->root.empty());
  const TemporaryFolder outside;
  fs::create_symlink(outside.path(), folder / "link");
  folder.write("compose.yaml",
               "services:\n  a:\n    build: {context: link, dockerfile: ../docker/Dockerfile}\n");
  CHECK(context()->root.empty());
}

TEST_CASE("a pipe in the build context holds nothing up") {
  const TemporaryFolder folder;
  folder.write(".dockerignore", "*.md\n");
  REQUIRE(::mkfifo((folder / "Dockerfile.pipe").c_str(), 0600) == 0);
  CHECK(ContextScanner().scan(folder / ".dockerignore").dockerfiles.empty());
}

TEST_CASE("a Dockerfile's own ignore file stands beside it, the other in the context") {
  const TemporaryFolder folder;
  fs::create_directory(folder / ".git");
  folder.write("go.mod");
  folder.write("docker/Dockerfile", "FROM a\nCOPY go.mod /\n");
  folder.write("docker/.dockerignore", "not read\n");
  folder.write(".dockerignore", "*.md\n");
  const auto ignore_file = [&] {
    return ContextScanner().scan(folder / "docker/Dockerfile").build->ignore_file;
  };
  REQUIRE(ignore_file());
  CHECK(ignore_file()->path == "../.dockerignore");
  CHECK(ignore_file()->text == "*.md\n");
  CHECK(ContextScanner().scan(folder / "docker/.dockerignore").dockerfiles.empty());
  folder.write("docker/Dockerfile.dockerignore", "*.txt\n");
  CHECK(ignore_file()->path == "Dockerfile.dockerignore");
  const Context own = ContextScanner().scan(folder / "docker/Dockerfile.dockerignore");
  REQUIRE(own.build);
  CHECK(own.build->root == "../");
  CHECK(own.dockerfiles.size() == 1);
}

TEST_CASE("what is named and git ignores is told") {
  const TemporaryFolder folder;
  fs::create_directory(folder / ".git");
  folder.write(".gitignore", "config.json\n/out\n");
  folder.write("Dockerfile", "FROM a\nCOPY index.js config.json out/a.txt ./\n");
  auto ignored = ContextScanner().scan(folder / "Dockerfile").build->ignored_by_git;
  std::ranges::sort(ignored);
  CHECK(ignored == std::vector<std::string>{"config.json", "out/a.txt"});
}

TEST_CASE("what is named without end is looked for with an end") {
  const TemporaryFolder folder;
  fs::create_directory(folder / ".git");
  folder.write(".gitignore", "*\n");
  std::string deep;
  for (int i = 0; i < 30'000; ++i) deep += "a/";
  folder.write("Dockerfile", "FROM a\nCOPY " + deep + "a /\n");
  auto context = ContextScanner().scan(folder / "Dockerfile").build;
  REQUIRE(context);
  CHECK(context->ignored_by_git.empty());

  std::string many = "FROM a\nCOPY";
  for (int i = 0; i < 1000; ++i) many += " f" + std::to_string(i);
  folder.write("Dockerfile", many + " /\n");
  context = ContextScanner().scan(folder / "Dockerfile").build;
  REQUIRE(context);
  CHECK(context->ignored_by_git.size() == 256);
}

TEST_CASE("a large ignore file is not read, and then nothing is known of the context") {
  const TemporaryFolder folder;
  folder.write(".dockerignore", std::string(1024 * 1024, '#'));
  CHECK(scan_context(folder.path(), "Dockerfile"));
  folder.write(".dockerignore", std::string(1024 * 1024 + 1, '#'));
  CHECK_FALSE(scan_context(folder.path(), "Dockerfile"));
}

TEST_CASE("settings of npm are looked into") {
  const TemporaryFolder folder;
  folder.write("a/.npmrc", "audit=false\nfund=false\n");
  folder.write("b/.npmrc", "//registry.example.com/:_authToken=not-a-token-123456\n");
  const auto context = scan_context(folder.path(), "Dockerfile");
  REQUIRE(context);
  CHECK(context->entries[1].harmless);
  CHECK_FALSE(context->entries[3].harmless);
}

TEST_CASE("a scanner lists a folder once") {
  const TemporaryFolder folder;
  folder.write("a/Dockerfile", "FROM a\n");
  folder.write("b/Dockerfile", "FROM a\n");
  ContextScanner scanner;
  const auto count = [&](ContextScanner& with) {
    return with.scan(folder / "a/Dockerfile").build->entries.size();
  };
  CHECK(count(scanner) == 1);
  CHECK(scanner.scan(folder / "b/Dockerfile").build);
  folder.write("a/new");
  CHECK(count(scanner) == 1);
  ContextScanner fresh;
  CHECK(count(fresh) == 2);
}

TEST_CASE("a scanner remembers the compose files of the last folders") {
  const TemporaryFolder folder;
  const auto services = [&, scanner = std::make_shared<ContextScanner>()](int i) {
    return scanner->scan(folder / ("f" + std::to_string(i)) / "Dockerfile").built_by.size();
  };
  for (int i = 0; i < 20; ++i)
    folder.write("f" + std::to_string(i) + "/compose.yaml", "services: {a: {build: .}}\n");
  CHECK(services(0) == 1);
  folder.write("f0/compose.yaml");
  CHECK(services(0) == 1);
  for (int i = 1; i < 20; ++i) CHECK(services(i) == 1);
  CHECK(services(0) == 0);
}

TEST_CASE("files that are open count as they stand there") {
  const TemporaryFolder folder;
  folder.write("a/Dockerfile", "FROM a\nCOPY . .\n");
  folder.write("a/.dockerignore", "*.md\n");
  folder.write("compose.yaml", "services:\n  a:\n    build: a\n");
  const std::string text = "services:\n  a:\n    build: {context: ., dockerfile: a/Dockerfile}\n";
  ContextScanner scanner;
  const auto root = [&](const OpenFiles& open) {
    const auto context = scanner.scan(folder / "a/Dockerfile", nullptr, open).build;
    return context ? context->root : "unknown";
  };
  CHECK(root({}).empty());
  CHECK(root({{folder / "compose.yaml", ComposeFile::create(text, read_yaml)}}) == "../");
  CHECK(root({{folder / "compose.yaml", Document::create(text)}}).empty());
  // One that is not on the disk yet.
  CHECK(root({{folder / "a/compose.yaml", ComposeFile::create(text, read_yaml)}}).empty());
  const Context ignored = scanner.scan(folder / "a/.dockerignore", nullptr,
                                       {{folder / "a/Dockerfile", Document::create("FROM b\n")}});
  REQUIRE(ignored.dockerfiles.size() == 1);
  CHECK(ignored.dockerfiles[0].dockerfile->text() == "FROM b\n");
}

TEST_CASE(
    "an ignore file that is only open says which folder the context is, and what is left out of "
    "it") {
  const TemporaryFolder folder;
  folder.write(".git/HEAD", "");
  folder.write("a/x.txt", "");
  folder.write("a/Dockerfile", "FROM a\nCOPY . /\n");
  ContextScanner scanner;
  const auto ignore_file = read_snapshot(".dockerignore", "*.md\n");
  const auto path = folder / "a/.dockerignore";
  CHECK_FALSE(scanner.scan(folder / "a/Dockerfile").build);
  const auto build = scanner.scan(folder / "a/Dockerfile", nullptr, {{path, ignore_file}}).build;
  REQUIRE((build && build->ignore_file));
  CHECK(build->root.empty());
  CHECK(build->ignore_file->text == "*.md\n");
  const Context own = scanner.scan(path, ignore_file.get());
  REQUIRE((own.build && own.build->ignore_file));
  CHECK(own.dockerfiles.size() == 1);
  // A Dockerfile that is only open beside one of its own.
  const Context other = scanner.scan(folder / "a/new.Dockerfile.dockerignore", ignore_file.get(),
                                     {{folder / "a/new.Dockerfile", Document::create("FROM b\n")}});
  CHECK(other.dockerfiles.size() == 1);
}

TEST_CASE("today is a date") {
  CHECK(today().ok());
}

}  // namespace
}  // namespace bulkhead::host
