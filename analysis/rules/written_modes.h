#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/finding.h"
#include "analysis/model/document.h"
#include "analysis/model/effects.h"
#include "analysis/shell/commands/modes.h"

namespace bulkhead::rules {

// A mode as it stands in a Dockerfile: behind chmod, install -m, mkdir -m, umask and --chmod.
struct WrittenMode {
  Instruction instruction;
  std::string text;
  shell::Mode mode;
  bool is_mask = false;  // of umask
  Span place;
  // The files as they are written, with "${NAME}" for what is not known.
  std::vector<std::string> targets;
  std::vector<std::string> variables;  // that the mode comes from
  std::vector<std::size_t> effects;    // of the stage, that have this mode; none behind ONBUILD
  std::optional<Word> word = {};       // of the Dockerfile, that holds the mode alone
  bool in_quotes = false;              // `place` includes those of JSON
};

// None where no mode is set, or one that is not known.
std::optional<WrittenMode> written_mode(const Command& command);
std::optional<WrittenMode> written_mode(const Instruction& transfer);  // COPY or ADD

// Whether none of the files gets into a layer with that mode: the same RUN deletes it, or sets its mode
// anew. False where its effects are not known.
bool is_undone(const WrittenMode& mode);

// Writes another one; none where it is put together from parts.
std::optional<Edit> replace_mode(const WrittenMode& mode, const std::string& text);

}  // namespace bulkhead::rules
