#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/model/expansion.h"
#include "analysis/text/span.h"

namespace bulkhead::rules {

// NAME=value or NAME value as the builder reads ENV, LABEL and ARG; views into the joined text.
struct ReadPair {
  std::string_view name;
  std::optional<std::string_view> value;  // none where there is no `=`, nor a value behind a blank
  bool old_form = false;
};
std::vector<ReadPair> read_pairs(const Instruction& instruction);

// A word that the builder fails to expand.
struct WordFault {
  Instruction instruction;
  Span place;        // from what is wrong to the end of the word
  Span word;         // all of it
  std::string text;  // what stands in `place`
  ExpansionFault::Kind kind;
};

// Those of an instruction, in order: of each word the first fault that does not depend on what a
// variable holds.
struct WordFaults {
  explicit WordFaults(const Instruction& instruction);
  std::vector<WordFault> faults;
};

}  // namespace bulkhead::rules
