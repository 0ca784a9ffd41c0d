#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Variables in the scalars of compose files: $NAME, ${NAME}, ${NAME:-default}; `$$` is a dollar.
namespace bulkhead {

// Defaults in defaults; what lies deeper in them is not known. Nobody nests so many.
inline constexpr std::size_t max_defaults = 16;

struct Interpolation {
  std::size_t begin = 0;  // in the text
  std::size_t size = 0;
  std::string name = {};
  std::optional<std::string> fallback = {};  // as written; it may have variables itself

  // `text` with something else in its place.
  std::string replaced_in(std::string_view text, std::string_view instead) const;
};

// All of `text` but those that max_defaults hides, with those in a default behind that which it is of.
std::vector<Interpolation> interpolations(std::string_view text);

// The variable that `text` is, be it with a default, and nothing else.
std::optional<Interpolation> whole_interpolation(std::string_view text);

}  // namespace bulkhead
