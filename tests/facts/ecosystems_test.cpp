#include "analysis/facts/ecosystems.h"

#include <algorithm>
#include <set>

#include "tests/catch.h"

namespace bulkhead::facts {
namespace {

const Ecosystem* named(std::string_view name) {
  const auto found = std::ranges::find(ecosystems(), name, &Ecosystem::name);
  return found == ecosystems().end() ? nullptr : &*found;
}

template <class List>
bool contains(const List& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

TEST_CASE("ecosystems are told by markers and bring patterns") {
  CHECK(ecosystems().front().name == "generic");
  REQUIRE(named("node") != nullptr);
  CHECK(contains(named("node")->markers, "package.json"));
  CHECK(contains(named("node")->keep, "package-lock.json"));
  CHECK(contains(named("node")->patterns, "**/node_modules"));
  CHECK(contains(named("generic")->patterns, ".git"));
}

TEST_CASE("the table of ecosystems is well-formed") {
  std::set<std::string_view> names;
  for (const Ecosystem& ecosystem : ecosystems()) {
    INFO(ecosystem.name);
    CHECK(names.insert(ecosystem.name).second);
    CHECK(ecosystem.markers.empty() == (ecosystem.name == "generic"));
    CHECK_FALSE(ecosystem.patterns.empty());
    std::set<std::string_view> patterns;
    for (const std::string_view pattern : ecosystem.patterns) {
      INFO(pattern);
      CHECK(patterns.insert(pattern).second);
      CHECK_FALSE(contains(ecosystem.keep, pattern));
    }
  }
  CHECK(names.size() == 13);
}

}  // namespace
}  // namespace bulkhead::facts
