// Any bytes have a tree, whose nodes lie in order and inside their parents.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "analysis/syntax/tree.h"

using namespace bulkhead::syntax;

namespace {

void require(bool condition, const char* claim) {
  if (condition) return;
  std::fprintf(stderr, "not so: %s\n", claim);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Tree tree = parse(Language::dockerfile, text);
  if (!tree) return 0;
  require(tree.root().span().end <= size, "a tree ends with its text");
  walk(tree.root(), [](const Node& node) {
    std::uint32_t end = node.span().begin;
    for (const Node& child : node.children()) {
      require(child.span().begin >= end, "children do not overlap");
      require(child.span().end >= child.span().begin, "a node ends behind its start");
      require(child.start_row() <= child.end_row(), "rows go down");
      end = child.span().end;
    }
    require(end <= node.span().end, "a child lies inside its parent");
    return true;
  });
  return 0;
}
