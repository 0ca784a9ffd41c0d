#include "analysis/shell/commands/capabilities.h"

#include <string>

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

// "NAME NAME @ARGUMENT -> FILE; ..."
std::string grants(const std::string& text) {
  std::string out;
  for (const CapabilityGrant& grant : capability_grants("setcap", arguments(text))) {
    if (!out.empty()) out += "; ";
    for (const std::string& name : grant.names) out += name + " ";
    out += "@" + std::to_string(grant.argument) + " -> " + std::to_string(grant.file);
  }
  return out;
}

}  // namespace

TEST_CASE("what setcap gives to which file") {
  CHECK(grants("cap_chown+ep /a") == "cap_chown @0 -> 1");
  CHECK(grants("-q cap_chown,cap_fowner=eip /a cap_kill=p /b") ==
        "cap_chown cap_fowner @1 -> 2; cap_kill @3 -> 4");
  CHECK(grants("=ep /a") == "all @0 -> 1");
  CHECK(grants("-n 5 all=ep /a") == "all @2 -> 3");
}

TEST_CASE("setcap that gives nothing") {
  CHECK(grants("-r /a").empty());
  CHECK(grants("-v cap_chown=ep /a").empty());
  CHECK(grants("cap_chown-ep /a").empty());
  CHECK(grants("cap_chown= /a").empty());
  CHECK(grants("cap_chown+e /a").empty());
  CHECK(grants("? /a").empty());
  CHECK(grants("cap_chown+ep").empty());
  CHECK(capability_grants("getcap", arguments("cap_chown+ep /a")).empty());
}
