#pragma once

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

// Whether `program` ("/bin/sh") is a shell of the POSIX family.
bool is_posix_shell(std::string_view program);

// Reads the shell commands of a RUN whose bytes are `source`; `posix` tells whether a POSIX shell
// runs them, otherwise the script is opaque.
shell::Script read_script(const InstructionData& run, std::string_view source, bool posix);

}  // namespace bulkhead
