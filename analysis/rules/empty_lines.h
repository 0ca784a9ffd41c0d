#pragma once

#include <optional>
#include <vector>

#include "analysis/finding.h"
#include "analysis/model/document.h"
#include "analysis/text/span.h"

namespace bulkhead::rules {

// Empty lines inside an instruction whose line above is continued. They do not end it.
struct EmptyLines {
  std::vector<Span> lines;  // each with its line end
  Span first;               // the first one's place, to show
  // The keyword that an author who takes the empty line for an end has put below it: it has become
  // part of this instruction.
  std::optional<Span> swallowed;
  // The continuation above the empty lines in front of it, with its blanks, and with what would join the
  // next command of the shell.
  Span escape;
};

EmptyLines empty_lines(const Instruction& instruction);

// Ends the instruction in front of the keyword that it has swallowed.
Edit end_before_swallowed(const EmptyLines& lines);

}  // namespace bulkhead::rules
