#include "report/diff.h"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "tests/catch.h"

namespace bulkhead::report {
namespace {

std::string diff(std::string_view before, std::string_view after, std::size_t context = 3) {
  return unified_diff(before, after, {.before_name = "a", .after_name = "b", .context = context});
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// What patch(1) makes of `before`; checks that the hunks say what stands there.
std::string patched(std::string_view before, std::string_view patch) {
  const std::vector<std::string> old = lines_of(before);
  const std::vector<std::string> steps = lines_of(patch);
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 2; i < steps.size(); ++i) {
    std::string step = steps[i];
    if (step.starts_with("@@")) {
      const std::size_t line = std::strtoul(step.c_str() + 4, nullptr, 10);
      const bool none = step.substr(0, step.find('+')).find(",0 ") != std::string::npos;
      while (at < line - (none ? 0 : 1)) out += old.at(at++);
      continue;
    }
    if (i + 1 < steps.size() && steps[i + 1].starts_with("\\")) step.pop_back();
    if (step[0] == '\\') continue;
    if (step[0] != '+') REQUIRE(old.at(at++) == step.substr(1));
    if (step[0] != '-') out += step.substr(1);
  }
  while (at < old.size()) out += old[at++];
  return out;
}

TEST_CASE("equal texts have no diff") {
  CHECK(diff("", "").empty());
  CHECK(diff("a\nb\n", "a\nb\n").empty());
}

TEST_CASE("a changed line stands between its neighbours") {
  CHECK(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
        "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes far apart are hunks of their own, near ones share one") {
  CHECK(diff("1\n2\n3\n4\n", "one\n2\n3\nfour\n", 1) ==
        "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n-4\n+four\n");
  CHECK(diff("1\n2\n3\n4\n5\n", "one\n2\n3\n4\nfive\n", 1) ==
        "--- a\n+++ b\n@@ -1,2 +1,2 @@\n-1\n+one\n 2\n@@ -4,2 +4,2 @@\n 4\n-5\n+five\n");
}

TEST_CASE("a new file and one that becomes empty") {
  CHECK(diff("", "x\n") == "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
  CHECK(diff("x\ny\n", "") == "--- a\n+++ b\n@@ -1,2 +0,0 @@\n-x\n-y\n");
}

TEST_CASE("a missing line end is told") {
  CHECK(diff("a\nb", "a\nb\n") ==
        "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
  CHECK(diff("a\nb", "c\nb") ==
        "--- a\n+++ b\n@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n");
}

TEST_CASE("lines keep their carriage returns") {
  CHECK(diff("a\r\n", "b\r\n") == "--- a\n+++ b\n@@ -1 +1 @@\n-a\r\n+b\r\n");
}

TEST_CASE("colours change nothing but the colour") {
  const DiffOptions options{.before_name = "a", .after_name = "b"};
  CHECK(unified_diff("a\n", "b\n", options, {.colors = true}) ==
        "\x1B[1m--- a\x1B[0m\n\x1B[1m+++ b\x1B[0m\n\x1B[36m@@ -1 +1 "
        "@@\x1B[0m\n\x1B[31m-a\x1B[0m\n\x1B[32m+b\x1B[0m\n");
}

TEST_CASE("a diff of any two texts leads from one to the other, and none is shorter") {
  std::mt19937 random(1);  // NOLINT: the same texts each time
  const auto text = [&] {
    std::string out;
    for (auto lines = random() % 12; lines > 0; --lines) {
      out += static_cast<char>('a' + random() % 3);
      if (lines > 1 || random() % 3 > 0) out += '\n';
    }
    return out;
  };
  for (int i = 0; i < 2000; ++i) {
    const std::string before = text();
    const std::string after = text();
    CAPTURE(before, after);
    const std::string patch = diff(before, after, random() % 4);
    REQUIRE(patched(before, patch) == after);

    // The longest common subsequence by the book.
    const std::vector<std::string> a = lines_of(before);
    const std::vector<std::string> b = lines_of(after);
    std::vector<std::vector<std::size_t>> common(a.size() + 1,
                                                 std::vector<std::size_t>(b.size() + 1));
    for (std::size_t x = 1; x <= a.size(); ++x) {
      for (std::size_t y = 1; y <= b.size(); ++y) {
        common[x][y] = a[x - 1] == b[y - 1] ? common[x - 1][y - 1] + 1
                                            : std::max(common[x - 1][y], common[x][y - 1]);
      }
    }
    std::size_t changes = 0;
    const std::vector<std::string> steps = lines_of(patch);
    for (std::size_t step = 2; step < steps.size(); ++step)
      changes += steps[step][0] == '+' || steps[step][0] == '-';
    REQUIRE(changes == a.size() + b.size() - 2 * common[a.size()][b.size()]);
  }
}

TEST_CASE("texts that have little in common stay affordable") {
  std::string before;
  std::string after;
  for (int i = 0; i < 20'000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n" + (i % 100 == 0 ? "same\n" : "");
  }
  CHECK(patched(before, diff(before, after)) == after);
}

}  // namespace
}  // namespace bulkhead::report
