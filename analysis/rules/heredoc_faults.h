#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/rule.h"
#include "analysis/text/span.h"

namespace bulkhead::rules {

// A heredoc that no line closes. To the builder everything below it is its body, so only the first
// one of a document is told.
struct UnclosedHeredoc {
  Instruction instruction;
  std::string delimiter;
  Span marker;                    // <<EOF
  std::optional<Span> near_miss;  // a line that has the delimiter with blanks around it
  bool is_shift = false;          // $((1 << 4))
  // What makes heredocs of the shifts in the instruction; none where they are some without these, too.
  std::vector<Span> blanks = {};
};

std::optional<UnclosedHeredoc> unclosed_heredoc(const Instruction& instruction);

// What the shell would take for a heredoc, with a line that closes it further down, and the builder takes for part
// of a word: bash<<EOF, "$(cat <<EOF".
struct HiddenHeredoc {
  Span marker;               // <<EOF
  bool needs_blank = false;  // in front of the marker; then the builder sees it, too
};
std::optional<HiddenHeredoc> hidden_heredoc(const Instruction& instruction);

struct UnclosedHeredocs {
  UnclosedHeredocs(const Document& document, SharedViews& views);
  std::optional<UnclosedHeredoc> first;
};

}  // namespace bulkhead::rules
