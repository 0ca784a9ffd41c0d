#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analysis/model/document.h"

namespace bulkhead::rules {

// The numbers of an account, as far as they are certain.
struct AccountNumbers {
  std::optional<std::uint32_t> user;
  std::optional<std::uint32_t> group;
  bool here = false;  // the file itself says that of the user for certain, not the base image
};

// Those of the user `name` and of the group `group` (empty: of none) in front of the instruction `before`.
// Whatever may change one of them on the way, or comes from the build command, leaves none.
AccountNumbers account_numbers(const Stage& stage, std::uint32_t before, std::string_view name,
                               std::string_view group);

}  // namespace bulkhead::rules
