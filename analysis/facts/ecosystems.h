#pragma once

#include <span>
#include <string_view>

// What projects of each kind have in their folder, for writing a .dockerignore.
namespace bulkhead::facts {

struct Ecosystem {
  std::string_view name;                       // "generic", "node", "python" ...
  std::span<const std::string_view> markers;   // globs of files in the project's root that tell it
  std::span<const std::string_view> keep;      // globs that must never be ignored
  std::span<const std::string_view> patterns;  // in the syntax of .dockerignore, in order
};

// "generic" first, which has no markers and is for every project; the others by name.
std::span<const Ecosystem> ecosystems();

}  // namespace bulkhead::facts
