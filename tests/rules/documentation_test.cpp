// The documentation of a rule is its first test.

#include <algorithm>

#include "host/snapshot.h"
#include "tests/catch.h"
#include "tests/rules/fixture.h"

namespace bulkhead::test {

TEST_CASE(
    "the bad example of each rule has its finding, the good one has not, and the fix leads there") {
  for (const Rule* rule : all_rules()) {
    DYNAMIC_SECTION(rule->id) {
      const Example good_example = parse_example(rule->good);
      const Fixture bad = parse_fixture(rule->bad);
      const Fixture good = parse_fixture(rule->good, bad.context.build.has_value());
      REQUIRE(bad.marks.empty());
      const auto bad_file = host::read_snapshot(bad.name, bad.text);
      const auto good_file = host::read_snapshot(good.name, good.text);
      const auto findings = findings_of(*rule, *bad_file, bad.context);
      CHECK(findings.size() == 1);
      CHECK(findings_of(*rule, *good_file, good.context).empty());
      if (const auto* document = dynamic_cast<const Document*>(good_file.get())) {
        CHECK(document->faults().empty());
      }
      check_fixes(*rule, *bad_file, bad.context);
      const bool mends = std::ranges::any_of(
          findings, [](const Finding& finding) { return !finding.fixes.empty(); });
      if (mends) {
        const std::string fixed = after_fixes(*rule, *bad_file, bad.context);
        const Example result = parse_example(fixed);
        CHECK(std::string(result.text) == good.text);
        for (const Example::File& file : result.files) {
          const auto same = std::ranges::find(good_example.files, file.path, &Example::File::path);
          REQUIRE(same != good_example.files.end());
          CHECK(std::string(same->text) == std::string(file.text));
        }
      }
    }
  }
}

TEST_CASE("each rule says what a reader needs") {
  for (const Rule* rule : all_rules()) {
    DYNAMIC_SECTION(rule->id) {
      CHECK(find_rule(rule->id) == rule);
      CHECK(!rule->title.empty());
      CHECK(!rule->title.ends_with('.'));
      CHECK(rule->why.size() > 80);
      CHECK(!rule->checks.empty());
      for (const std::string_view alias : rule->aliases) {
        INFO(alias);
        CHECK(alias.find(':') != std::string_view::npos);
      }
      for (const std::string_view reference : rule->references)
        CHECK(reference.starts_with("https://"));
    }
  }
}

}  // namespace bulkhead::test
