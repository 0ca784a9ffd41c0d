#pragma once

// JSON as it comes from strangers and goes to them.

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bulkhead::lsp {

using Json = nlohmann::json;

// Arrays and objects within each other; more would only serve to exhaust the stack.
inline constexpr int max_nesting = 512;

struct JsonError : std::runtime_error {
  using runtime_error::runtime_error;
};

// Bytes that are not UTF-8, and halves of surrogate pairs (which editors written in JavaScript do
// send), become U+FFFD. Throws JsonError for what is no JSON or nested too deep.
Json parse_json(std::string_view text);

// JSON on its way out: valid UTF-8, on one line.
struct JsonText {
  std::string text;
};

JsonText to_text(const Json& json);

// Appends `text` as a string of JSON; bytes that are not UTF-8 become U+FFFD.
void append_string(std::string& out, std::string_view text);

}  // namespace bulkhead::lsp
