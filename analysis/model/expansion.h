#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/model/word.h"

namespace bulkhead {

// What is known of a variable: none when nothing defines it here (the base image may).
using Lookup = std::function<std::optional<Value>(std::string_view name)>;

// Resolves quotes, escapes and variables of `text` as the builder does for the words of an
// instruction. Where the builder would report an error (an open quote, a wrong modifier), the text
// stays as it is. Source: Dockerfile reference, "Environment replacement".
Value expand(std::string_view text, char escape, const Lookup& lookup);

// What ${name<operation>} becomes where `value` is what is known of the name; "${name<operation>}"
// and not known if that cannot be told. `operand` is the text behind the operator, already
// expanded.
Value apply_operation(std::string_view name, const std::optional<Value>& value, std::string_view op,
                      const Value& operand, std::string_view written);

// The bytes of a variable's name at the start of `text`: a word, digits, or one special parameter.
std::size_t variable_name_size(std::string_view text);

}  // namespace bulkhead
