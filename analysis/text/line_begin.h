#pragma once

#include <cstdint>
#include <string_view>

namespace bulkhead {

// The first byte of the line of `text` that holds `offset`, counted by LF as the builder does; a
// byte-order mark stays in front of it. Where whole lines may be put.
std::uint32_t line_begin(std::string_view text, std::uint32_t offset);

// The first byte of the line that a directive may stand on: the first one, behind a shebang if there is one.
std::uint32_t top_line(std::string_view text);

}  // namespace bulkhead
