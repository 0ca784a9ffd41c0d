#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "analysis/model/instruction.h"
#include "analysis/syntax/tree.h"

namespace bulkhead {

// What the builder makes of the physical lines of `source`: continuations joined, comment and blank
// lines inside them left out. `source` begins at an instruction and holds no heredoc. Leading
// blanks stay. Source: BuildKit's parser; the rules stand in docs/dockerfile-reading.md.
JoinedText join(std::string_view source, char escape);

// Reads one instruction: `node` is its node in the tree of `text`.
std::shared_ptr<const InstructionData> read_instruction(const syntax::Node& node,
                                                        std::string_view text, char escape);

// Reads what stands in a flag without quotes and escapes: calls `put` with each byte that is left, and where
// what stands for it begins and ends in `written`.
template <class Put>
void read_unquoted(std::string_view written, char escape, const Put& put) {
  char quote = '\0';
  for (std::size_t i = 0; i < written.size(); ++i) {
    const std::size_t begin = i;
    const char c = written[i];
    if (c == escape && i + 1 < written.size()) {
      ++i;
    } else if (quote ? c == quote : c == '"' || c == '\'') {
      quote = quote ? '\0' : c;
      continue;
    }
    put(written[i], begin, i + 1);
  }
}

// What the words of a SHELL instruction mean.
ShellInForce shell_in_force(const InstructionData& shell);

// Whether an instruction of this kind holds commands: RUN, CMD, ENTRYPOINT, HEALTHCHECK.
bool holds_commands(Keyword kind);

// Reads the commands of such an instruction, whose bytes are `source`.
shell::Script read_script(syntax::Parser& parser, const InstructionData& instruction,
                          std::string_view source, const ShellInForce& shell);

}  // namespace bulkhead
