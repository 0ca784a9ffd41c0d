#pragma once

// Edits of things that stand side by side, for rewrite.h: words, arguments, NAME=value.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "analysis/finding.h"
#include "analysis/text/span.h"

namespace bulkhead {

class Command;

// Takes row[first, last] away. The others stay on their lines, and each comment with what it stands above: what
// goes alone on its lines takes along the comments above it that stand behind `top`.
Edit remove_from_row(std::string_view text, const std::vector<Span>& row, std::size_t first,
                     std::size_t last, std::uint32_t top);

// Takes the words [first, end) of a command away, not all of them.
Edit remove_words(const Command& command, std::size_t first, std::size_t end);

}  // namespace bulkhead
