#pragma once

#include <optional>
#include <string>

#include "analysis/model/document.h"
#include "analysis/text/span.h"

namespace bulkhead::rules {

// A heredoc that no line closes. To the builder everything below it is its body, so only the first
// one of a document is told.
struct UnclosedHeredoc {
  Instruction instruction;
  std::string delimiter;
  Span marker;                     // <<EOF
  std::optional<Span> near_miss;   // a line that has the delimiter with blanks around it
  std::optional<Span> arithmetic;  // the blanks around << that make it a heredoc: $((1 << 4))
};

struct UnclosedHeredocs {
  explicit UnclosedHeredocs(const Document& document);
  std::optional<UnclosedHeredoc> first;
};

}  // namespace bulkhead::rules
