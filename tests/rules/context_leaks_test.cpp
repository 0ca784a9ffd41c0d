#include "analysis/rules/context_leaks.h"

#include <algorithm>
#include <string>

#include "analysis/engine.h"
#include "tests/catch.h"

namespace bulkhead::rules {
namespace {

BuildContext context_of(std::vector<BuildContext::Entry> entries) {
  std::ranges::sort(entries, {}, &BuildContext::Entry::path);
  return {.entries = std::move(entries)};
}

std::string brought(const BuildContext& context, std::string_view ignored = "",
                    std::string_view dockerfile = "FROM a\nCOPY . .\nRUN npm ci\n") {
  const auto document = Document::create(std::string(dockerfile));
  const ContextCopies copies(*document);
  return described(leaks(context, DockerIgnore(ignored), {&copies}));
}

TEST_CASE("what a copy brings along is told with counts and sizes") {
  CHECK(brought(context_of({{".env", 3}, {"id_rsa", 2000}, {".git", 0, true}})) ==
        "2 possible secrets (.env, id_rsa) and .git");
  CHECK(brought(context_of({{"node_modules", 0, true},
                            {"node_modules/a", 0, true},
                            {"node_modules/a/x.js", 30'000'000},
                            {"node_modules/y.js", 18'200'000}})) ==
        "node_modules (2 files, 48 MB)");
  CHECK(brought(context_of({{"dump.sql", 2'600'000'000}})) == "dump.sql (2.6 GB)");
  CHECK(brought(context_of({{"a.bak", 400'000}, {"b.bak", 400'000}})) ==
        "2 backups (a.bak, b.bak; 1 MB)");
  CHECK(brought(context_of({{"a.pem"}, {"b.pem"}, {"c.pem"}, {"d.pem"}, {"e.pem"}})) ==
        "5 possible secrets (a.pem, b.pem, c.pem and 2 more)");
  CHECK(brought(context_of({{"a.js", 1'000'000'000}})).empty());
}

TEST_CASE("what is likelier a secret is told first") {
  CHECK(brought(context_of({{"a.pem"}, {"b.pem"}, {"c.pem"}, {"id_rsa"}})) ==
        "4 possible secrets (id_rsa, a.pem, b.pem and 1 more)");
}

TEST_CASE("a name means a file or a folder") {
  CHECK(brought(context_of({{".git", 40}, {"htpasswd", 0, true}, {"htpasswd/a.go", 9}})).empty());
  CHECK(brought(context_of({{"auth/.git", 0, true}, {"htpasswd", 9}})) == "htpasswd and auth/.git");
}

TEST_CASE("a file that was looked into and is harmless is no leak") {
  CHECK(brought(context_of({{".npmrc", 9}})) == ".npmrc");
  CHECK(brought(context_of({{".npmrc", 9, false, true}})).empty());
}

TEST_CASE("archives matter where they are large") {
  CHECK(brought(context_of({{"site.zip", 9'000'000}})).empty());
  CHECK(brought(context_of({{"site.zip", 90'000'000}})) == "site.zip (90 MB)");
}

TEST_CASE("what is ignored in a folder is not counted") {
  const BuildContext context = context_of({{"node_modules", 0, true},
                                           {"node_modules/a.md", 5'000'000},
                                           {"node_modules/b.js", 3'000'000}});
  CHECK(brought(context, "**/*.md") == "node_modules (3 MB)");
  CHECK(brought(context, "node_modules").empty());
  CHECK(brought(context, "node_modules/**").empty());
  CHECK(brought(context, "*\n!node_modules/a.md") == "node_modules (5 MB)");
}

TEST_CASE("a folder of packages that is not listed has no figures") {
  CHECK(brought(context_of({{"node_modules", 0, true}})) == "node_modules");
  CHECK(brought(context_of({{"node_modules", 0, true}}), "node_modules").empty());
}

TEST_CASE("packages of the host are wanted where the build installs none") {
  const BuildContext context = context_of({{"node_modules", 0, true}, {".venv", 0, true}});
  CHECK(brought(context, "", "FROM a\nCOPY . .\nCMD npm start\n").empty());
  CHECK(brought(context, "", "FROM a\nCOPY . .\nRUN pip install .\n") == ".venv");
  CHECK(brought(context, "", "FROM a\nCOPY . .\nRUN yarn\n") == "node_modules");
}

TEST_CASE("patterns go to the end of an ignore file, with its line ends") {
  const auto appended = [](std::string_view text) {
    return *apply_edits(text, std::vector{append_patterns(text, "# Secrets\n.env\n")});
  };
  CHECK(appended("") == "# Secrets\n.env\n");
  CHECK(appended("a") == "a\n\n# Secrets\n.env\n");
  CHECK(appended("a\r\nb") == "a\r\nb\r\n\r\n# Secrets\r\n.env\r\n");
  CHECK(appended("# none\n") == "# none\n# Secrets\n.env\n");
}

TEST_CASE("what an ignore file lacks is what is there, and nothing that is needed") {
  const auto document = Document::create("FROM a\nCOPY certs/a.pem .npmrc /\nCOPY . .\n");
  const ContextCopies copies(*document);
  const BuildContext context = context_of({{"certs", 0, true},
                                           {"certs/a.pem"},
                                           {"certs/b.pem"},
                                           {".npmrc"},
                                           {"x.key"},
                                           {"a.log"},
                                           {"Dockerfile"}});
  CHECK(missing_patterns(context, ".git\n.env\n", {&copies}) ==
        "# Secrets\n**/*.key\ncerts/b.pem\n");
  CHECK(missing_patterns(context, ".git\n**/.env\n*.key\n**/*.pem", {&copies}).empty());
}

TEST_CASE("of what is named, the first sources are told, and all are known") {
  std::string dockerfile = "FROM a\nCOPY";
  for (int i = 0; i < 1000; ++i) dockerfile += " f" + std::to_string(i);
  const auto document =
      Document::create(dockerfile + " *.md /\nRUN --mount=type=bind,src=last x\n");
  const ContextCopies copies(*document);
  REQUIRE(copies.named().size() == 256);
  CHECK(copies.named().back().path == "f255");
  CHECK(copies.needed().size() == 256);
  CHECK(copies.names("f999"));
  CHECK(copies.names("last"));
  CHECK_FALSE(copies.names("f1000"));
}

TEST_CASE("a source that is too long for a path names nothing") {
  std::string deep;
  for (int i = 0; i < 30'000; ++i) deep += "a/";
  const auto document = Document::create("FROM a\nCOPY " + deep +
                                         "a b /\nRUN --mount=type=bind,src=" + deep + "a x\n");
  const ContextCopies copies(*document);
  CHECK(copies.needed() == std::vector<std::string>{"b"});
  CHECK(copies.named().size() == 1);
}

TEST_CASE("many sources and many patterns are held against each other in good time") {
  std::string dockerfile = "FROM a\nCOPY";
  for (int i = 0; i < 100'000; ++i) dockerfile += " f" + std::to_string(i);
  const auto document = Document::create(dockerfile + " /\n");
  std::string patterns = "f*\n";
  for (int i = 0; i < 1000; ++i) patterns += "g" + std::to_string(i) + "\n";
  Context context;
  context.build = {.entries = {},
                   .ignore_file = BuildContext::IgnoreFile{".dockerignore", patterns}};
  const Rule* rule = find_rule("copy-ignored-file");
  REQUIRE(rule);
  const auto findings =
      analyse(*document, {.select = std::vector{rule}, .ignore = {}}, context).findings;
  CHECK(findings.size() == 256);
}

TEST_CASE("a large context is looked through to the end") {
  std::vector<BuildContext::Entry> entries;
  for (int i = 0; i < 20'000; ++i) {
    const std::string folder = "packages/p" + std::to_string(i / 100);
    if (i % 100 == 0) entries.push_back({folder, 0, true});
    entries.push_back({folder + "/src/file" + std::to_string(i) + ".component.ts", 1000});
  }
  entries.push_back({".env", 1});
  const BuildContext context = context_of(std::move(entries));
  std::string patterns;
  for (int i = 0; i < 1000; ++i) patterns += "**/a*b" + std::to_string(i) + "/*/x\n!y\n";
  const auto document = Document::create("FROM a\nCOPY . .\n");
  const ContextCopies copies(*document);
  for (const std::string& ignored : {std::string(), patterns}) {
    CHECK(brought(context, ignored) == ".env");
    CHECK_FALSE(missing_patterns(context, ignored, {&copies}).empty());
  }
}

}  // namespace
}  // namespace bulkhead::rules
