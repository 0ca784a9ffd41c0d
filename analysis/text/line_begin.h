#pragma once

#include <cstdint>
#include <string_view>

#include "analysis/text/span.h"

namespace bulkhead {

// The first byte of the line of `text` that holds `offset`, counted by LF as the builder does; a
// byte-order mark stays in front of it. Where whole lines may be put.
std::uint32_t line_begin(std::string_view text, std::uint32_t offset);

// The line that `span`, a part of one, stands on, with its end.
Span whole_line(std::string_view text, Span span);

// The first byte of the line that a directive may stand on: the first one, behind a shebang if there is one.
std::uint32_t top_line(std::string_view text);

}  // namespace bulkhead
