#pragma once

#include <string_view>

// Capabilities of Linux that a container should not have. Source: capabilities(7).
namespace bulkhead::facts {

struct Capability {
  std::string_view name;  // without CAP_, in upper case; "ALL" for all of them
  std::string_view what;  // what it lets a process do, as the rest of "can ..."
};

// The dangerous capability of that name, in any case, with or without CAP_; null for any other.
const Capability* dangerous_capability(std::string_view name);

}  // namespace bulkhead::facts
