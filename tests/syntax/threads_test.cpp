// Trees come and go on any thread. (As `./dev test --sanitize=thread`, faults show that this cannot.)

#include <string>
#include <thread>
#include <vector>

#include "analysis/syntax/tree.h"
#include "tests/catch.h"
#include "tests/syntax/dump.h"

using namespace bulkhead::syntax;

namespace {

std::string text(int instructions) {
  std::string out = "FROM a:1 AS b\n";
  for (int i = 0; i < instructions; ++i) out += "ENV A=\"$B\" C=d\nRUN <<E\nx\nE\n";
  return out;
}

}  // namespace

TEST_CASE("a tree that another thread made is read and freed here") {
  const std::string source = text(50);
  const std::string expected = dump(parse(Language::dockerfile, source));
  for (int round = 0; round < 20; ++round) {
    std::vector<Tree> trees(4);
    std::vector<std::thread> threads;
    for (Tree& tree : trees)
      threads.emplace_back([&] { tree = parse(Language::dockerfile, source); });
    for (std::thread& thread : threads) thread.join();
    for (const Tree& tree : trees) REQUIRE(dump(tree) == expected);
  }
}
