#include "analysis/compose/yaml.h"

#include <algorithm>
#include <array>

#include "analysis/text/ascii.h"

namespace bulkhead::yaml {
namespace {

// A mapping merges mappings that merge mappings; no sane file does so more often.
constexpr int max_merges = 16;

const Field* own_field(const Node& node, std::string_view key) {
  const auto found =
      std::ranges::find_if(node.fields, [&](const Field& field) { return field.key.text == key; });
  return found == node.fields.end() ? nullptr : &*found;
}

// Visits `node` and what is merged into it, what wins first, until `visit` says that it is enough.
template <class Visit>
bool visit_merged(const Node& node, int depth, const Visit& visit) {
  if (visit(node)) return true;
  const Field* merge = depth < max_merges ? own_field(node, "<<") : nullptr;
  if (!merge) return false;
  if (merge->value.kind == Node::Kind::mapping) return visit_merged(merge->value, depth + 1, visit);
  return std::ranges::any_of(
      merge->value.items, [&](const Node& item) { return visit_merged(item, depth + 1, visit); });
}

}  // namespace

const Field* Node::field(std::string_view key) const {
  const Field* found = nullptr;
  visit_merged(*this, 0, [&](const Node& node) {
    found = own_field(node, key);
    return found != nullptr;
  });
  return found;
}

std::unordered_map<std::string_view, const Field*> Node::fields_by_name() const {
  std::unordered_map<std::string_view, const Field*> found;
  visit_merged(*this, 0, [&](const Node& node) {
    for (const Field& field : node.fields) found.emplace(field.key.text, &field);
    return false;
  });
  return found;
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
