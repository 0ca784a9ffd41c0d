#include "analysis/shell/commands/options.h"

#include <array>

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

constexpr std::array known = {Option{"all", 'a'}, Option{"mode", 'm', true}, Option{"more"},
                              Option{"home", 0, true}, Option{"mo"}};

CommandLine read(const std::string& text) {
  return read_options(arguments(text), known);
}

using Indexes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("options and operands in any order") {
  const CommandLine line = read("x -a y --more z");
  CHECK(line.has("all"));
  CHECK(line.has("more"));
  CHECK_FALSE(line.has("mode"));
  CHECK(line.operands == Indexes{0, 2, 4});
}

TEST_CASE("where values stand") {
  const auto mode = [](const std::string& text) {
    const CommandLine line = read(text);
    const GivenOption* option = line.find("mode");
    REQUIRE(option != nullptr);
    return std::tuple(option->value.value_or("?"), option->argument, option->offset);
  };
  using Found = std::tuple<std::string, std::size_t, std::size_t>;
  CHECK(mode("-m 755 x") == Found{"755", 1, 0});
  CHECK(mode("-m755 x") == Found{"755", 0, 2});
  CHECK(mode("-am755 x") == Found{"755", 0, 3});
  CHECK(mode("-am 755 x") == Found{"755", 1, 0});
  CHECK(mode("--mode=755 x") == Found{"755", 0, 7});
  CHECK(mode("--mode 755 x") == Found{"755", 1, 0});
  CHECK(mode("--mode= x") == Found{"", 0, 7});
  CHECK(mode("-m 1 -m 2") == Found{"2", 3, 0});
  CHECK(mode("x -m") == Found{"?", 1, 0});
  CHECK(mode("-m ? x") == Found{"?", 1, 0});
}

TEST_CASE("the value of an option is no operand, and no option") {
  CHECK(read("-m -a x").operands == Indexes{2});
  CHECK_FALSE(read("-m -a x").has("all"));
  CHECK_FALSE(read("-ma x").has("all"));
}

TEST_CASE("long options may be cut short while only one is meant") {
  CHECK(read("--hom /x y").value("home") == "/x");
  CHECK(read("--mor").has("more"));
  CHECK_FALSE(read("--m").has("more"));
  CHECK_FALSE(read("--mo").has("more"));
  CHECK(read("--mo").has("mo"));
  CHECK_FALSE(read("--mo").has("mode"));
  CHECK_FALSE(read("--homer /x").has("home"));
}

TEST_CASE("behind -- there are operands only, and - is one") {
  CHECK(read("-a -- -m x").operands == Indexes{2, 3});
  CHECK(read("- x").operands == Indexes{0, 1});
}

TEST_CASE("what is not known") {
  CHECK(read("? -a ?").operands == Indexes{0, 2});
  CHECK(read("-z --zoo x").operands == Indexes{2});
  CHECK(read("").operands.empty());
  CHECK(read("'' x").operands == Indexes{0, 1});
}
