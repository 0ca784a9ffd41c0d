#pragma once

// Syntax trees of Dockerfiles and shell scripts. This folder is the only user of tree-sitter.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/text/edit.h"
#include "analysis/text/span.h"

struct TSParser;
struct TSTree;

namespace bulkhead::syntax {

enum class Language : std::uint8_t { dockerfile, bash };

// What kind of node, as a number that is cheap to compare.
using Symbol = std::uint16_t;
// The name under which a node stands in its parent, as a number; 0 is none.
using Field = std::uint16_t;

// The symbol that nodes named `kind` have; `named` is false for punctuation and keywords ("&&",
// "if"). 0 when the grammar has no such node, which no node's symbol ever is.
Symbol symbol(Language language, std::string_view kind, bool named = true);
Field field(Language language, std::string_view name);

class Tree;

// A node as a value, or no node. Valid as long as its Tree; all calls are fine on no node.
class Node {
 public:
  Node() = default;
  explicit operator bool() const { return id_ != nullptr; }
  bool operator==(const Node& other) const { return id_ == other.id_ && tree_ == other.tree_; }

  std::string_view kind() const;  // the grammar's name for it; lives as long as the program
  Symbol symbol() const;
  bool is_named() const;    // a rule of the grammar; otherwise punctuation or a keyword
  bool is_error() const;    // what it covers could not be read
  bool is_missing() const;  // put in, with no text, to go on after a fault
  bool has_error() const;   // it is or holds an error or a missing node

  Span span() const;                // bytes
  std::uint32_t start_row() const;  // 0-based, counted by LF
  std::uint32_t end_row() const;    // of the byte behind the last one

  // Each takes time linear in the children of this node.
  std::vector<Node> children() const;
  std::vector<Node> named_children() const;
  bool has_children() const;
  Node child(Field field) const;  // the first under that name, or no node

 private:
  friend class Tree;
  friend class Cursor;

  // As TSNode; tree.cpp checks that it is.
  std::uint32_t context_[4] = {};
  const void* id_ = nullptr;
  const TSTree* tree_ = nullptr;
};

// Walks a tree in constant time a step and without recursion. Never leaves the node it began at.
class Cursor {
 public:
  explicit Cursor(const Node& node);
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor();

  Node node() const;
  Field field() const;  // under which the node stands in its parent; 0 for none

  // Each stays where it is and says false when there is no such node.
  bool to_first_child();
  bool to_first_child(std::uint32_t behind);  // that ends behind this byte
  bool to_next_sibling();
  bool to_parent();

 private:
  // Holds a TSTreeCursor; tree.cpp checks that it fits.
  alignas(void*) std::byte storage_[32];
};

// The children of a node in order, or the named ones, for one `for`: without a list of them.
class Children {
 public:
  explicit Children(const Node& parent, bool named = false) : cursor_(parent), named_(named) {
    if (cursor_.to_first_child()) find(true);
  }

  struct End {};
  class Iterator {
   public:
    explicit Iterator(Children& children) : children_(&children) {}
    const Node& operator*() const { return children_->node_; }
    Iterator& operator++() {
      children_->find(children_->cursor_.to_next_sibling());
      return *this;
    }
    bool operator==(End) const { return !children_->node_; }

   private:
    Children* children_;
  };
  Iterator begin() { return Iterator(*this); }
  End end() const { return {}; }

 private:
  // From where the cursor stands, if it stands on a child.
  void find(bool found) {
    for (; found; found = cursor_.to_next_sibling()) {
      node_ = cursor_.node();
      if (!named_ || node_.is_named()) return;
    }
    node_ = {};
  }

  Cursor cursor_;
  Node node_;
  bool named_;
};

inline Children named_children(const Node& parent) {
  return Children(parent, true);
}

// Calls `visit` with `root` and what stands below it, in the order of the text; goes into a node where
// `visit` says yes. Without recursion.
template <class Visit>
void walk(const Node& root, Visit visit) {
  if (!root) return;
  for (Cursor cursor(root);;) {
    const Node node = cursor.node();
    if (visit(node) && node.has_children() && cursor.to_first_child()) continue;
    while (!cursor.to_next_sibling()) {
      if (!cursor.to_parent()) return;
    }
  }
}

// A parsed text, immutable. It does not hold the text. May be read from several threads.
class Tree {
 public:
  Tree() = default;
  Tree(Tree&& other) noexcept;
  Tree& operator=(Tree&& other) noexcept;
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree();

  // False when there was no parse: the text is larger than 4 GB, the ranges are not in order, or
  // the parser gave up (see parse()). root() is no node then.
  explicit operator bool() const { return tree_ != nullptr; }
  Node root() const;

 private:
  friend class Parser;
  friend Tree reparse(const Tree&, std::string_view, std::string_view, std::span<const TextEdit>);
  Tree(TSTree* tree, Language language) : tree_(tree), language_(language) {}

  TSTree* tree_ = nullptr;
  Language language_ = Language::dockerfile;
};

// Parses one text after another. What it has allocated for one it uses for the next.
class Parser {
 public:
  // Faults in the text become error nodes. The work is bounded by a number of steps that grows with the
  // text, so a text that would drive the parser into quadratic time ends in an empty Tree, the same one
  // every time.
  Tree parse(Language language, std::string_view text) { return parse(language, text, nullptr); }

 private:
  friend Tree reparse(const Tree&, std::string_view, std::string_view, std::span<const TextEdit>);

  // With what can be kept of `old`, which has been told of the edits.
  Tree parse(Language language, std::string_view text, const Tree* old);

  struct Delete {
    void operator()(TSParser* parser) const;
  };

  std::unique_ptr<TSParser, Delete> parser_;
};

inline Tree parse(Language language, std::string_view text) {
  return Parser().parse(language, text);
}

// Parses `new_text` with what can be kept of `old`, the tree of all of `old_text`: the same tree as
// parse() gives. `edits` lead from the one text to the other, each told in terms of the text that
// the one before it left. Where they do not, the text is parsed from scratch.
Tree reparse(const Tree& old, std::string_view old_text, std::string_view new_text,
             std::span<const TextEdit> edits);

}  // namespace bulkhead::syntax
