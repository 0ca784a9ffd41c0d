#pragma once

#include <string>

#include "analysis/syntax/tree.h"

namespace bulkhead::syntax {

// All of a tree in one string, a line a node: kind, field, bytes and rows. Two equal trees give equal strings.
inline std::string dump(const Tree& tree) {
  std::string out;
  Cursor cursor(tree.root());
  while (const Node node = cursor.node()) {
    out += std::string(node.kind()) + (node.is_missing() ? " missing " : " ") +
           std::to_string(cursor.field()) + " " + std::to_string(node.span().begin) + "-" +
           std::to_string(node.span().end) + " " + std::to_string(node.start_row()) + "-" +
           std::to_string(node.end_row()) + "\n";
    if (cursor.to_first_child()) continue;
    while (!cursor.to_next_sibling()) {
      if (!cursor.to_parent()) return out;
      out += ")";
    }
  }
  return out;
}

}  // namespace bulkhead::syntax
