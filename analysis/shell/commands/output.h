#pragma once

// What echo and printf print.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bulkhead::shell {

// Whether the program prints the words behind its name.
bool prints_words(std::string_view program);

// The text that `program` prints, given the words behind its name as far as they are known; without the
// line end that echo adds. None for one that prints no words. `\n` and `\t` are taken for
// what they mean even where an echo would print them as they are, for nobody wants that.
std::optional<std::string> printed_text(std::string_view program,
                                        std::span<const std::string> arguments);

}  // namespace bulkhead::shell
