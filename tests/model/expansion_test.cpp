#include "analysis/model/expansion.h"

#include <map>

#include "tests/catch.h"

using namespace bulkhead;

namespace {

Value with(std::string_view text, char escape = '\\') {
  static const std::map<std::string, Value, std::less<>> known{
      {"A", {"aXbXc", true, {}}}, {"E", {"", true, {}}}, {"U", {"${U}", false, {}}}};
  return expand(text, escape, [](std::string_view name) -> std::optional<Value> {
    const auto found = known.find(name);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string known(std::string_view text) {
  const Value value = with(text);
  return value.known ? value.text : "unknown: " + value.text;
}

}  // namespace

TEST_CASE("quotes and escapes go as in the reference") {
  CHECK(known(R"('a $A' "b")") == "a $A b");
  CHECK(known(R"("\"\$\\\n")") == "\"$\\\\n");
  CHECK(known(R"(a\ b\$A)") == "a b$A");
  CHECK(with("`$A", '`').text == "$A");
  CHECK(known("'open") == "open");
  CHECK(known("a\\") == "a");
}

TEST_CASE("operators give what the reference says") {
  CHECK(known("$A-${A}_$") == "aXbXc-aXbXc_$");
  CHECK(known("${N:-d}${N-d}${E:-d}${E-d}") == "ddd");
  CHECK(known("${A:+s}${E:+s}${E+s}") == "ss");
  CHECK(known("${A#*X}|${A##*X}|${A%X*}|${A%%X*}") == "bXc|c|aXb|a");
  CHECK(known("${A/X/-}|${A//X/-}|${A//?X/}") == "a-bXc|a-b-c|c");
  CHECK(known("${N:-${A}}") == "aXbXc");
  CHECK(known("${A:?must be set}") == "aXbXc");
}

TEST_CASE("what is not known stays as it is written") {
  CHECK(known("x$N") == "unknown: x${N}");
  CHECK(known("${U}") == "unknown: ${U}");
  CHECK(known("${U:-d}") == "d");
  CHECK(known("${N:+d}") == "unknown: ${N:+d}");
  CHECK(with("$N$A").variables == std::vector<std::string>{"N", "A"});
}

TEST_CASE("hostile texts end") {
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "${a:-";
  CHECK(with(deep).variables.size() < 100);  // deeper ones are left alone
  CHECK(known("${") == "unknown: ${");
  CHECK(known("${A") == "aXbXc");
}

TEST_CASE("variables make a text longer by 4 KiB and no more") {
  const auto twice = [](const std::string& value) {
    return expand("$A$A", '\\', [&](std::string_view) { return Value{value, true, {}}; });
  };
  CHECK(twice(std::string(2000, 'x')).known);
  const Value cut = twice(std::string(3000, 'x'));
  CHECK_FALSE(cut.known);
  CHECK(cut.text == std::string(3000, 'x') + "${A}");
}

TEST_CASE("what the builder would refuse is told") {
  using Kind = ExpansionFault::Kind;
  const auto fault = [](std::string_view text) {
    std::optional<ExpansionFault> found;
    expand(text, '\\', [](std::string_view) { return Value{}; }, &found);
    return found;
  };
  CHECK_FALSE(fault("'a' \"${A:-${B}}\""));
  REQUIRE(fault("a\"b"));
  CHECK(fault("a\"b")->offset == 1);
  CHECK(fault("a\"b")->kind == Kind::open_quote);
  CHECK(fault("x${A")->offset == 1);
  CHECK(fault("x${A")->kind == Kind::open_brace);
  CHECK(fault("${}")->kind == Kind::bad_substitution);
  CHECK(fault("${A!}")->kind == Kind::modifier);
  CHECK(fault("${A#\\b}")->kind == Kind::pattern);
  CHECK(fault("${A:?say it}")->kind == Kind::required);
}
