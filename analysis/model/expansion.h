#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/model/word.h"

namespace bulkhead {

// What is known of a variable: none when nothing defines it here (the base image may).
using Lookup = std::function<std::optional<Value>(std::string_view name)>;

// Why the builder would refuse a word.
struct ExpansionFault {
  enum class Kind : std::uint8_t {
    open_quote,        // "a, 'a
    open_brace,        // ${a, ${a/b}
    bad_substitution,  // ${}, ${:a}
    modifier,          // ${a!b}, ${a:=b}, ${a:#b}
    pattern,           // ${a#\b}: only \* \? \\ \/ \} are escapes in a pattern
    required,          // ${a:?b}, and a is empty
  };
  Kind kind = Kind::open_quote;
  std::size_t offset = 0;  // of the quote or the dollar sign, in bytes of the text
};

// Resolves quotes, escapes and variables of `text` as the builder does for the words of an
// instruction. A text that it would refuse is read as far as it makes sense, and the first reason is
// left in `fault`, if that is given. A variable that would make the text longer by more than 4 KiB is not known.
// Source: BuildKit's frontend/dockerfile/shell, with which the tests compare this; Dockerfile reference,
// "Environment replacement".
Value expand(std::string_view text, char escape, const Lookup& lookup,
             std::optional<ExpansionFault>* fault = nullptr);

// The bytes of a variable's name at the start of `text`: a word, digits, or one special parameter.
std::size_t variable_name_size(std::string_view text);

}  // namespace bulkhead
