#pragma once

#include <cstddef>
#include <string_view>

namespace bulkhead {

// The bytes of the white space that `text` begins with, one character of it; 0 where there is none.
// Unicode's counts: BuildKit drops a no-break space around arguments, and splits at it where quotes
// are read.
std::size_t space_size(std::string_view text);

// Without such white space at both ends.
std::string_view without_spaces(std::string_view text);

}  // namespace bulkhead
