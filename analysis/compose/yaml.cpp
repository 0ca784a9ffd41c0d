#include "analysis/compose/yaml.h"

#include <algorithm>
#include <array>

#include "analysis/text/ascii.h"

namespace bulkhead::yaml {
namespace {

// A mapping merges mappings that merge mappings; no sane file does so more often.
constexpr int max_merges = 16;

const Field* find(const Node& node, std::string_view key, int depth) {
  const auto named = [&](std::string_view name) -> const Field* {
    const auto found = std::ranges::find_if(
        node.fields, [&](const Field& field) { return field.key.text == name; });
    return found == node.fields.end() ? nullptr : &*found;
  };
  if (const Field* own = named(key)) return own;
  const Field* merge = depth < max_merges ? named("<<") : nullptr;
  if (!merge) return nullptr;
  if (merge->value.kind == Node::Kind::mapping) return find(merge->value, key, depth + 1);
  for (const Node& item : merge->value.items) {
    if (const Field* found = find(item, key, depth + 1)) return found;
  }
  return nullptr;
}

}  // namespace

const Field* Node::field(std::string_view key) const {
  return find(*this, key, 0);
}

const Node* Node::get(std::string_view key) const {
  const Field* found = field(key);
  return found ? &found->value : nullptr;
}

bool Node::is(bool value) const {
  constexpr std::array yes{"true", "yes", "on"};
  constexpr std::array no{"false", "no", "off"};
  return kind == Kind::scalar && std::ranges::any_of(value ? yes : no, [&](std::string_view word) {
           return equals_ignoring_case(text, word);
         });
}

std::vector<const Node*> Node::scalars() const {
  std::vector<const Node*> found;
  if (kind == Kind::scalar) found.push_back(this);
  for (const Node& item : items) {
    if (item.kind == Kind::scalar) found.push_back(&item);
  }
  return found;
}

}  // namespace bulkhead::yaml
