#include "analysis/syntax/memory.h"

#include <malloc.h>
#include <tree_sitter/api.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace bulkhead::syntax {
namespace {

// A sanitizer sees the use of a freed block only if it is really freed.
#ifdef BULKHEAD_SANITIZED
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

// Sizes of the lists, in bytes: list i has blocks of at least i * step + least.
constexpr std::size_t step = 16;
constexpr std::size_t least = 8;
constexpr std::size_t lists = 32;
constexpr std::size_t most_held = std::size_t{4} << 20;  // in bytes, for a thread

struct Block {
  Block* next;
};

struct FreeBlocks {
  std::array<Block*, lists> first{};
  std::size_t held = 0;
};

// Without a destructor, so that it can be used while a thread's other objects are destroyed.
thread_local FreeBlocks* free_blocks = nullptr;
thread_local bool thread_ends = false;

// Gives all back when its thread ends.
struct Owner {
  FreeBlocks blocks;
  Owner() { free_blocks = &blocks; }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  ~Owner() {
    free_blocks = nullptr;
    thread_ends = true;
    for (Block* block : blocks.first) {
      while (block != nullptr) std::free(std::exchange(block, block->next));
    }
  }
};

FreeBlocks* blocks_of_this_thread() {
  if (free_blocks == nullptr && !thread_ends) {
    thread_local Owner owner;
  }
  return free_blocks;
}

// As the runtime does where its own allocator fails: it cannot go on.
void* or_abort(void* block) {
  if (block == nullptr) std::abort();
  return block;
}

void* take(std::size_t size) {
  const std::size_t list = size <= least ? 0 : (size - least + step - 1) / step;
  if (FreeBlocks* const blocks = blocks_of_this_thread(); blocks != nullptr && list < lists) {
    if (Block* const block = blocks->first[list]; block != nullptr) {
      blocks->first[list] = block->next;
      blocks->held -= list * step + least;
      return block;
    }
  }
  return or_abort(std::malloc(size));
}

void give(void* memory) {
  if (memory == nullptr) return;
  const std::size_t list = (malloc_usable_size(memory) - least) / step;
  const std::size_t size = list * step + least;
  FreeBlocks* const blocks = blocks_of_this_thread();
  if (blocks == nullptr || list >= lists || blocks->held + size > most_held)
    return std::free(memory);
  blocks->first[list] = new (memory) Block{blocks->first[list]};
  blocks->held += size;
}

void* take_zeroed(std::size_t count, std::size_t size) {
  // The runtime asks for few, small ones.
  return std::memset(take(count * size), 0, count * size);
}

void* resize(void* memory, std::size_t size) {
  return or_abort(std::realloc(memory, size));
}

}  // namespace

void keep_freed_blocks() {
  static const bool done = [] {
    if (!is_sanitized) ts_set_allocator(&take, &take_zeroed, &resize, &give);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace bulkhead::syntax
