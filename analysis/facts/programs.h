#pragma once

#include <string_view>

// Programs that base images bring, or do not.
namespace bulkhead::facts {

// A program that the default images of languages have and their -slim variants lack, at least without
// more packages to do its work.
struct SlimLack {
  std::string_view program;
  std::string_view package;  // what is missing, for people to read
};

// Null for any other program. The answer lives as long as the program.
const SlimLack* slim_lacks(std::string_view program);

}  // namespace bulkhead::facts
