#pragma once

// From the nodes of a word to its pieces.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/shell/script.h"
#include "analysis/shell/source_text.h"
#include "analysis/syntax/tree.h"

namespace bulkhead::shell {

// The bytes of `node` in the parsed text without the blanks that the grammar lets some tokens begin
// with.
Span trimmed(std::string_view text, const syntax::Node& node);

// How the text of a word is read.
enum class Reading : std::uint8_t {
  word,
  assignment,  // no globs but the tilde
  heredoc,     // quotes are text
  verbatim,    // all is text: a heredoc with a quoted mark
};

// Reads `span` of the parsed text as a word. `nested` are its parts as found by nested_in(), in
// order. `strips_tabs`: without the tabs that its lines begin with, as behind <<-.
Word read_word(const SourceText& text, Span span, const std::vector<syntax::Node>& nested,
               Reading reading, bool strips_tabs = false);

// The text that the word's program gets, for reading it as a script; variables stay as written, because
// that script mostly reads the same ones. None where a substitution makes a part of it.
std::optional<SourceText> text_of_word(const SourceText& text, Span span,
                                       const std::vector<syntax::Node>& nested, Reading reading,
                                       bool strips_tabs = false);

// Adds to `nested` the parts of `node` that read_word() takes from the tree: expansions,
// substitutions, quoted strings without any in them. What stands inside of them is not added.
void nested_in(const syntax::Node& node, std::vector<syntax::Node>& nested);

// $name or ${name...}, taken apart.
struct Variable {
  std::string name;
  std::string operation;    // what follows the name, up to 512 bytes
  bool is_derived = false;  // ${#name}, ${!name}, or more behind the name than that: not its value
};
Variable read_variable(std::string_view text);

}  // namespace bulkhead::shell
