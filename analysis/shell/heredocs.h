#pragma once

// Heredocs, taken out of a script before it is parsed: tree-sitter's grammar for bash knows one of them
// on a line, behind the command's name, and not with all that may follow it.

#include <cstdint>
#include <vector>

#include "analysis/shell/source_text.h"
#include "analysis/text/span.h"

namespace bulkhead::shell {

struct Heredoc {
  std::uint32_t at = 0;  // the '<' that is left of its operator, in WithoutHeredocs::text
  Span body;             // its lines, in the text that was read
  bool expands = true;   // no quote in the mark
  bool strips_tabs = false;
};

struct WithoutHeredocs {
  SourceText text;                // `<< MARK` became `< MARK`, bodies and their end lines are gone
  std::vector<Heredoc> heredocs;  // in order
  // Bytes of `text`, in order, that are text in the body of a heredoc, but would be syntax between
  // double quotes.
  std::vector<std::uint32_t> plain;
};

enum class Start : std::uint8_t { script, heredoc_body };

// Takes the heredocs out of a script, or out of the substitutions in the body of another heredoc. A body
// whose end line is missing reaches to the end of the text, as in the shell.
WithoutHeredocs take_heredocs(const SourceText& text, Start start);

}  // namespace bulkhead::shell
