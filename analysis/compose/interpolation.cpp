#include "analysis/compose/interpolation.h"

#include <algorithm>

#include "analysis/text/ascii.h"

namespace bulkhead {
namespace {

std::size_t name_size(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_name_character) - text.begin());
}

// Behind the '}' that closes the text; its size where none does.
std::size_t closed(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth == 0) return at + 1;
  }
  return text.size();
}

// `text` has `depth` defaults around it.
void read(std::string_view text, std::size_t offset, std::size_t depth,
          std::vector<Interpolation>& found) {
  if (depth > max_defaults) return;
  for (std::size_t at = text.find('$'); at < text.size(); at = text.find('$', at)) {
    const std::string_view rest = text.substr(at + 1);
    if (rest.starts_with('$')) {
      at += 2;
      continue;
    }
    const bool in_braces = rest.starts_with('{');
    const std::string_view inner = in_braces ? rest.substr(1) : rest;
    const std::size_t name = name_size(inner);
    const std::size_t size = 1 + (in_braces ? closed(rest) : name);
    if (name > 0) {
      found.push_back({offset + at, size, std::string(inner.substr(0, name))});
      std::string_view operation = in_braces ? text.substr(at, size) : "";
      if (operation.ends_with('}')) {
        operation = operation.substr(2 + name, size - 3 - name);
        const std::size_t dash = operation.starts_with(':') ? 1 : 0;
        if (operation.substr(dash).starts_with('-')) {
          operation.remove_prefix(dash + 1);
          found.back().fallback = operation;
          read(operation, offset + at + size - 1 - operation.size(), depth + 1, found);
        }
      }
    }
    at += size;
  }
}

}  // namespace

std::string Interpolation::replaced_in(std::string_view text, std::string_view instead) const {
  return std::string(text.substr(0, begin)) + std::string(instead) +
         std::string(text.substr(begin + size));
}

std::vector<Interpolation> interpolations(std::string_view text) {
  std::vector<Interpolation> found;
  read(text, 0, 0, found);
  return found;
}

std::optional<Interpolation> whole_interpolation(std::string_view text) {
  const auto all = interpolations(text);
  if (all.empty() || all.front().begin != 0 || all.front().size != text.size()) return std::nullopt;
  return all.front();
}

}  // namespace bulkhead
