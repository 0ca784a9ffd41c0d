#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace bulkhead::fuzz {

// Ends the process, which is how a fuzzer learns of it, unless the claim holds.
inline void require(bool condition, const char* claim, const std::string& details = "") {
  if (condition) return;
  std::fprintf(stderr, "not so: %s\n%s\n", claim, details.c_str());
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace bulkhead::fuzz
