#pragma once

#include <string_view>

// Capabilities of Linux that give away much of what only root may. Source: capabilities(7).
namespace bulkhead::facts {

struct Capability {
  std::string_view name;  // without CAP_, in upper case; "ALL" for all of them
  bool of_containers;     // the root of every container has it
  std::string_view what;  // what it lets a process do, as the rest of "can ..."
};

// The capability of that name, in any case, with or without CAP_, if it is too much for a file that
// ordinary users run; null for any other.
const Capability* dangerous_capability(std::string_view name);

// The same, if it is too much for a container.
const Capability* dangerous_for_container(std::string_view name);

}  // namespace bulkhead::facts
