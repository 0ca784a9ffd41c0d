#include "analysis/rules/add_sources.h"

#include <algorithm>
#include <array>
#include <string>

#include "analysis/text/ascii.h"

namespace bulkhead::rules {

bool is_remote(std::string_view source) {
  constexpr std::array<std::string_view, 5> schemes = {"http://", "https://", "git://", "ssh://",
                                                       "git@"};
  return std::ranges::any_of(schemes, [&](std::string_view s) { return source.starts_with(s); });
}

bool is_git(std::string_view source) {
  if (!is_remote(source)) return false;
  return !source.starts_with("http") ||
         source.substr(0, source.find_first_of("#?")).ends_with(".git");
}

bool is_archive(std::string_view source) {
  constexpr std::array<std::string_view, 10> suffixes = {".tar",  ".tgz", ".tbz", ".tbz2", ".txz",
                                                         ".tzst", ".gz",  ".bz2", ".xz",   ".zst"};
  const std::string lower = lower_case(source);
  return std::ranges::any_of(suffixes, [&](std::string_view s) { return lower.ends_with(s); });
}

}  // namespace bulkhead::rules
