#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/text/span.h"

// What a YAML text says, with where it says it. Read by host/yaml.h; here are plain values.
namespace bulkhead::yaml {

struct Field;

struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  // A scalar with its quotes, or with all lines of its block; a sequence or mapping from its first byte
  // to the end of its last member. What stands behind an alias has the place of its anchor.
  Span span = {};
  std::string text = {};         // of a scalar, quotes and escapes removed
  bool plain = false;            // a scalar without quotes: `8080`, `true`
  bool flow = false;             // a sequence or mapping in brackets
  bool anchored = false;         // an alias may stand for it elsewhere
  std::vector<Node> items = {};  // of a sequence
  std::vector<Field> fields;     // of a mapping, in order

  // The value of the field `key`, its own or one merged into it by `<<`; null where there is none.
  const Field* field(std::string_view key) const;
  const Node* get(std::string_view key) const;
  // All that field() finds, for who looks for many.
  std::unordered_map<std::string_view, const Field*> fields_by_name() const;
  // Whether it is the boolean `value`, as YAML 1.1 writes it; in quotes too, as compose takes it.
  bool is(bool value) const;
  // The scalars of a sequence, or the scalar itself: compose often takes either.
  std::vector<const Node*> scalars() const;
};

// One `key: value` of a mapping.
struct Field {
  Node key;
  Node value;

  // Whether the value stands where its anchor is, and only its alias here.
  bool is_alias() const { return value.span.begin < key.span.begin; }
  Span span() const { return {key.span.begin, is_alias() ? key.span.end : value.span.end}; }
};

// Why a text cannot be read.
struct Fault {
  std::uint32_t place = 0;  // byte
  std::string why;          // "end of map not found"
};

// What a text says; neither where it says nothing.
struct Reading {
  std::optional<Node> root = {};
  std::optional<Fault> fault = {};
};

}  // namespace bulkhead::yaml
