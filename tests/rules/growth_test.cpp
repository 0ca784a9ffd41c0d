// Work that grows with the text only. It is counted in allocations, which every run makes alike.

#include <cstdlib>
#include <new>
#include <string>

#include "tests/catch.h"
#include "tests/rules/fixture.h"

namespace {

std::size_t allocations = 0;

void* take(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  return take(size);
}
void* operator new[](std::size_t size) {
  return take(size);
}
// AddressSanitizer brings its own of this one.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept try {
  return take(size);
} catch (const std::bad_alloc&) {
  return nullptr;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace bulkhead::test {
namespace {

// The line `count` times, with the number of each in place of '#'.
std::string numbered(std::string_view first, std::string_view line, int count) {
  std::string text(first);
  for (int i = 0; i < count; ++i) {
    for (const char c : line) {
      if (c == '#') {
        text += std::to_string(10000 + i);
      } else {
        text += c;
      }
    }
  }
  return text;
}

std::size_t work_of(const Rule& rule, const std::string& text) {
  const auto document = Document::create(text);
  Context context;
  context.today = today;
  const std::size_t before = allocations;
  const auto findings = findings_of(rule, *document, context);
  return allocations - before;
}

}  // namespace

TEST_CASE("twice the text is no more than 2.6 times the work of a rule") {
  struct Case {
    const char* rule;
    const char* first;
    const char* line;
  };
  const Case cases[] = {
      {"undefined-user", "FROM debian:13\n", "COPY --chown=user# a /a/\n"},
      {"undefined-user", "FROM debian:13\n", "RUN chown user# /a && apt-get install -y tool#\n"},
      {"undefined-user", "FROM debian:13\n", "USER user#\nRUN useradd user#\n"},
      {"debug-tools-in-final-stage", "FROM debian:13\nCMD [\"app\"]\n",
       "RUN apt-get install -y vim && echo a >> /etc/vim/#\n"},
      {"eol-base-image", "", "FROM node:16 AS a#\nRUN node-16 buster#\n"},
      {"hardcoded-secret", "FROM debian:13\n", "ENV FETCH#=\"wget --password=not-a-real-one\"\n"},
      {"secret-file-copied", "", "FROM debian:13 AS a#\nCOPY .npmrc /root/\n"},
  };
  for (const Case& each : cases) {
    const Rule* rule = find_rule(each.rule);
    REQUIRE(rule);
    constexpr int count = 200;
    const std::size_t once = work_of(*rule, numbered(each.first, each.line, count));
    const std::size_t twice = work_of(*rule, numbered(each.first, each.line, 2 * count));
    INFO(each.rule << " on " << each.line << once << " and " << twice << " allocations");
    CHECK(10 * twice <= 26 * once);
  }
}

}  // namespace bulkhead::test
