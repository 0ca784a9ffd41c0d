// Trees come and go on any thread: what one frees another may take again, and a thread that ends leaves
// nothing behind. (With valgrind, or as `./dev test --sanitize=thread`, faults show that this cannot.)

#include <malloc.h>

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

#ifndef BULKHEAD_SANITIZED  // a sanitizer has its own malloc

TEST_CASE("a thread that ends gives its memory back") {
  REQUIRE(mallopt(M_ARENA_MAX, 1));  // mallinfo2 knows but one
  const auto parse_elsewhere = [] {
    std::thread([] { CHECK(parse(Language::dockerfile, text(2000))); }).join();
    return mallinfo2().uordblks;
  };
  const std::size_t before = parse_elsewhere();
  for (int round = 0; round < 20; ++round) parse_elsewhere();
  CHECK(parse_elsewhere() < before + 1'000'000);
}

TEST_CASE("what is kept for the next tree is bounded") {
  const auto held_after = [](int instructions) {
    {
      const Tree tree = parse(Language::dockerfile, text(instructions));
    }
    return mallinfo2().uordblks;
  };
  const std::size_t small = held_after(10);
  CHECK(held_after(40'000) < small + 16'000'000);  // the tree itself takes forty
}

#endif

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
