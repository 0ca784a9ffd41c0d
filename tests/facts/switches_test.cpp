#include <algorithm>

#include "analysis/facts/debug_switches.h"
#include "analysis/facts/open_servers.h"
#include "analysis/facts/telemetry.h"
#include "tests/catch.h"

using namespace bulkhead::facts;

TEST_CASE("switches of debug modes: values are globs, without regard to case") {
  const auto named = [](std::string_view name) {
    const auto found = std::ranges::find(debug_switches(), name, &DebugSwitch::name);
    REQUIRE(found != debug_switches().end());
    return *found;
  };
  CHECK(is_on(named("FLASK_DEBUG"), "1"));
  CHECK(is_on(named("FLASK_DEBUG"), "True"));
  CHECK(!is_on(named("FLASK_DEBUG"), "0"));
  CHECK(!is_on(named("FLASK_DEBUG"), ""));
  CHECK(is_on(named("XDEBUG_MODE"), "develop,coverage"));
  CHECK(is_on(named("NODE_OPTIONS"), "--inspect=0.0.0.0:9229"));
  CHECK(!is_on(named("NODE_OPTIONS"), "--inspect=127.0.0.1"));
}

TEST_CASE(
    "what switches a debug mode on says what it does, and its opposite does not switch it on") {
  for (const DebugSwitch& row : debug_switches()) {
    INFO(row.name << " " << row.programs << " " << row.values);
    CHECK(!row.what.empty());
    CHECK(!row.values.empty());
    CHECK((row.kind == DebugSwitch::Kind::argument || !row.name.empty()));
    CHECK((row.kind == DebugSwitch::Kind::variable || !row.programs.empty()));
    CHECK((row.off.empty() || !is_on(row, row.off)));
  }
}

TEST_CASE("tools that report how they are used have a variable and a value that stop them") {
  for (const TelemetrySwitch& row : telemetry_switches()) {
    INFO(row.tool);
    CHECK(!row.programs.empty());
    CHECK(!row.value.empty());
    CHECK(row.variable.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
          std::string_view::npos);
  }
}

TEST_CASE("what opens a server says what it does, and what makes up for that does not open it") {
  for (const OpenServer& row : open_servers()) {
    INFO(row.name << " " << row.programs << " " << row.values);
    CHECK(!row.what.empty());
    CHECK(!row.values.empty());
    CHECK((row.kind == OpenServer::Kind::argument) == row.name.empty());
    CHECK((row.kind == OpenServer::Kind::variable) == row.programs.empty());
    CHECK(!is_open(row, ""));
    CHECK((row.unless.empty() || !is_open(row, row.unless) || row.values == "*"));
  }
}
