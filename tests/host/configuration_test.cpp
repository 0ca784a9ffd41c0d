#include "host/configuration.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/engine.h"
#include "analysis/rule.h"
#include "tests/catch.h"
#include "tests/host/folder.h"

namespace bulkhead::host {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

// Whatever they are called.
const Rule& first() {
  return *all_rules().front();
}
const Rule& second() {
  return *all_rules()[1];
}
std::string id(const Rule& rule) {
  return std::string(rule.id);
}

Settings read(const std::string& text, const std::string& path = "Dockerfile") {
  return Configuration(text, "c").settings(path);
}

TEST_CASE("a configuration says which rules run, and what counts beside them") {
  const Settings settings =
      read("select: [" + id(first()) + ", " + id(second()) + "]\nenable: " + id(first()) +
           "\nignore:\n  - " + id(second()) + "\nseverity:\n  " + id(first()) +
           ": hint\ntrusted-registries: [a.example.com, '*.b/c']\nfail-level: never\n");
  CHECK(settings.problems.empty());
  CHECK(settings.config.select == std::vector{&first(), &second()});
  CHECK(settings.config.enable == std::vector{&first()});
  CHECK(settings.config.ignore == std::vector{&second()});
  CHECK(settings.config.severities == std::map<const Rule*, Severity>{{&first(), Severity::hint}});
  CHECK(settings.trusted_registries == Texts{"a.example.com", "*.b/c"});
  CHECK((settings.fail_level && !*settings.fail_level));
  CHECK_FALSE(settings.excluded);
}

TEST_CASE("a configuration that says nothing sets nothing") {
  for (const std::string text :
       {"", "# later\n", "---\n", "ignore:\nselect:\n", "{}", "\xEF\xBB\xBF"}) {
    INFO(text);
    CHECK(read(text) == Settings());
  }
}

TEST_CASE("rules go by the names that other tools have for them") {
  const Rule* const aliased =
      *std::ranges::find_if(all_rules(), [](const Rule* rule) { return !rule->aliases.empty(); });
  const std::string alias(*aliased->aliases.begin());
  const auto ignored = read("ignore: ['" + alias + "']\n").config.ignore;
  CHECK(std::ranges::count(ignored, aliased) == 1);
}

TEST_CASE("patterns are those of .gitignore, from the folder of the configuration") {
  const std::string text =
      "exclude:\n  - vendor/\n  - /Dockerfile\n  - '!vendor/ours'\n  - '*.old'\n";
  const auto excluded = [&](const std::string& path) { return read(text, path).excluded; };
  CHECK(excluded("vendor/Dockerfile"));
  CHECK(excluded("a/vendor/b/Dockerfile"));
  CHECK(excluded("Dockerfile"));
  CHECK(excluded("a/Dockerfile.old"));
  CHECK_FALSE(excluded("a/Dockerfile"));
  CHECK_FALSE(excluded("vendored/Dockerfile"));

  const std::string by_file =
      "per-file-ignores:\n  tests/: [" + id(first()) + "]\n  '*.dev': " + id(second()) + "\n";
  const auto ignored = [&](const std::string& path) { return read(by_file, path).config.ignore; };
  CHECK(ignored("tests/Dockerfile") == std::vector{&first()});
  CHECK(ignored("tests/Dockerfile.dev") == std::vector{&first(), &second()});
  CHECK(ignored("Dockerfile").empty());
}

TEST_CASE("what does not count is told with its line, and the rest counts") {
  const auto problems = [](const std::string& text) { return read(text).problems; };
  CHECK(problems("\nignored: []\n") ==
        Texts{"c:2: there is no setting 'ignored'; did you mean 'ignore'?"});
  CHECK(problems("x: 1\n") == Texts{"c:1: there is no setting 'x'"});
  CHECK(problems("ignore: [a b c]\n") == Texts{"c:1: there is no rule 'a b c'"});
  CHECK(problems("ignore: {a: b}\n") == Texts{"c:1: ignore has to be a list of rules"});
  CHECK(problems("ignore:\n- [a]\n") == Texts{"c:2: ignore has to be a list of rules"});
  CHECK(problems("severity: error\n") ==
        Texts{"c:1: severity has to give the severities of rules, of the form `RULE: error`"});
  CHECK(problems("severity:\n  " + id(first()) + ": fatal\n") ==
        Texts{"c:2: 'fatal' is no severity: there are error, warning, info and hint"});
  CHECK(problems("fail-level: fatal\n") ==
        Texts{"c:1: 'fatal' is no fail level: there are error, warning, info, hint and never"});
  CHECK(problems("trusted-registries: ['https://a']\n") ==
        Texts{"c:1: 'https://a' is no registry, such as registry.example.com"});
  CHECK(problems("per-file-ignores: [a]\n") ==
        Texts{"c:1: per-file-ignores has to give patterns with the rules that are left out there, "
              "of the form "
              "`tests/: [RULE]`"});
  CHECK(problems("per-file-ignores: {a/: {b: c}}\n") == Texts{"c:1: a/ has to be a list of rules"});
  CHECK(problems("- a\n") == Texts{"c:1: settings are of the form `ignore: [RULE]`"});
  CHECK(problems("ignore: [\n").size() == 1);

  const Settings settings =
      read("x: 1\nignore: [nobody, " + id(first()) + "]\nfail-level: error\n");
  CHECK(settings.problems.size() == 2);
  CHECK(settings.config.ignore == std::vector{&first()});
  CHECK(settings.fail_level == std::optional(FailLevel(Severity::error)));
}

TEST_CASE("a configuration that is nonsense throughout does not flood the user") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "x" + std::to_string(i) + ": 1\n";
  CHECK(read(text).problems.size() == 20);
  std::string names = id(first());
  for (int i = 0; i < 1000; ++i) names += ", " + id(first());
  CHECK(read("ignore: [" + names + "]\n").config.ignore == std::vector{&first()});
  for (int i = 0; i < 1000; ++i) names += ", nobody";
  CHECK(read("ignore: [" + names + "]\n").problems.size() == 20);
}

// What the nearest configuration ignores for the file at `path`.
std::vector<const Rule*> ignored(const TemporaryFolder& folder, const std::string& path) {
  return Configurations().settings(folder / path).config.ignore;
}

TEST_CASE("the nearest configuration counts, up to the root of the repository") {
  const TemporaryFolder folder;
  folder.write(".bulkhead.yaml", "ignore: " + id(first()) + "\n");
  folder.write("repository/.git/HEAD");
  folder.write("repository/a/.bulkhead.yml", "ignore: " + id(second()) + "\n");
  CHECK(ignored(folder, "repository/a/b/c/d/e/f/g/h/i/Dockerfile") == std::vector{&second()});
  CHECK(ignored(folder, "repository/a/Dockerfile") == std::vector{&second()});
  CHECK(ignored(folder, "repository/Dockerfile").empty());
  CHECK(ignored(folder, "repository/b/Dockerfile").empty());
  // Where there is no repository, what stands far above is somebody else's.
  CHECK(ignored(folder, "a/Dockerfile") == std::vector{&first()});
  CHECK(ignored(folder, "a/b/Dockerfile").empty());
}

TEST_CASE("of two configurations in one folder one counts") {
  const TemporaryFolder folder;
  folder.write(".bulkhead.yaml", "ignore: " + id(first()) + "\n");
  folder.write(".bulkhead.yml", "ignore: " + id(second()) + "\n");
  CHECK(ignored(folder, "Dockerfile") == std::vector{&first()});
}

TEST_CASE("none is looked for where one is named, or none is wanted") {
  const TemporaryFolder folder;
  folder.write(".bulkhead.yaml", "ignore: " + id(first()) + "\n");
  const fs::path other = folder.write("other.yaml", "ignore: " + id(second()) + "\n");
  CHECK(Configurations(other).settings(folder / "Dockerfile").config.ignore ==
        std::vector{&second()});
  CHECK(Configurations(std::nullopt).settings(folder / "Dockerfile") == Settings());
  const Settings missing = Configurations(folder / "missing").settings(folder / "Dockerfile");
  REQUIRE(missing.problems.size() == 1);
  CHECK(missing.problems[0].starts_with("cannot read "));
}

TEST_CASE("a configuration that is no sensible file is told") {
  const TemporaryFolder folder;
  folder.write(".bulkhead.yaml", std::string(2 << 20, '#'));
  const auto problems = Configurations().settings(folder / "Dockerfile").problems;
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].starts_with("cannot read "));
}

}  // namespace
}  // namespace bulkhead::host
