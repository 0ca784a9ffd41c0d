#include "analysis/shell/commands/output.h"

#include "tests/catch.h"

using namespace bulkhead::shell;

namespace {

std::string printed(std::string_view program, const std::vector<std::string>& arguments) {
  return printed_text(program, arguments).value_or("none");
}

}  // namespace

TEST_CASE("what echo prints") {
  CHECK(printed("echo", {"a", "b  c"}) == "a b  c");
  CHECK(printed("echo", {"-e", "-n", "a\\n\\tb\\\\n"}) == "a\n\tb\\n");
  CHECK(printed("echo", {"-ne", "a"}) == "a");
  CHECK(printed("echo", {"a", "-n"}) == "a -n");
  CHECK(printed("echo", {"", "a"}) == " a");
  CHECK(printed("echo", {}).empty());
  CHECK(printed("cat", {"a"}) == "none");
}

TEST_CASE("what printf prints") {
  CHECK(printed("printf", {"a b\\n"}) == "a b\n");
  CHECK(printed("printf", {"%s\\n", "a", "${B}"}) == "a\n${B}\n");
  CHECK(printed("printf", {"%s=%-3d%%\\n", "a", "1"}) == "a=1%\n");
  CHECK(printed("printf", {"%s=%s\\n", "a", "1", "b"}) == "a=1\nb=\n");
  CHECK(printed("printf", {"--", "x"}) == "x");
  CHECK(printed("printf", {"100%"}) == "100%");
  CHECK(printed("printf", {"no %5", "a"}) == "no ");
  CHECK(printed("printf", {}) == "none");
}
