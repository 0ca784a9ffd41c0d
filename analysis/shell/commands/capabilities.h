#pragma once

// What setcap gives to programs.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

struct CapabilityGrant {
  std::vector<std::string> names;  // as written: "cap_net_raw"; "all" for all of them
  std::size_t argument = 0;        // that says so
  std::size_t file = 0;            // the argument that gets them
};

// What `program` gives, given the words behind its name, in order; nothing for any other than setcap.
// Source: setcap(8), cap_text_formats(7).
std::vector<CapabilityGrant> capability_grants(std::string_view program,
                                               std::span<const Argument> arguments);

}  // namespace bulkhead::shell
