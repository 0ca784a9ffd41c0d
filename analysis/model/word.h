#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/span.h"

namespace bulkhead {

class Document;
class Instruction;

// What a text becomes when its quotes, escapes and variables are resolved.
struct Value {
  std::string text;   // with "${NAME}" left where nothing is known of NAME
  bool known = true;  // false when a variable's value depends on the build command or the image
  std::vector<std::string> variables = {};  // the names that were looked up, in order

  bool operator==(const Value&) const = default;
};

// A word's place and text; spans are bytes from the start of its instruction.
struct WordData {
  Span span;
  std::string text;  // continuations and the comments in them taken out, else as written
  std::uint32_t joined_begin = 0;  // where `text` begins in the instruction's joined text
  bool json = false;               // a JSON string
  bool decoded = false;            // neither quotes nor escapes are left in `text`
};

// A word of an instruction, as a handle: two pointers and an index, copied freely, valid as long as
// its Document.
class Word {
 public:
  Word(const Document& document, std::uint32_t instruction, const WordData& data)
      : document_(&document), instruction_(instruction), data_(&data) {}

  // Bytes in the document, quotes included.
  Span span() const;
  // As written, without continuations; in a JSON string and in a flag without quotes and escapes.
  std::string_view text() const { return data_->text; }
  // The bytes in the document of text().substr(begin, size).
  Span part(std::size_t begin, std::size_t size) const;
  // What the builder makes of it: quotes and escapes removed, variables replaced as they stand
  // here.
  Value value() const;
  bool has_variable() const { return !value().variables.empty(); }
  bool is_json() const { return data_->json; }
  Instruction instruction() const;

 private:
  const Document* document_;
  std::uint32_t instruction_;
  const WordData* data_;
};

}  // namespace bulkhead
