#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "analysis/finding.h"
#include "analysis/model/document.h"
#include "analysis/model/effects.h"

namespace bulkhead::rules {

// An archive that one instruction puts into a layer, and a RUN behind it unpacks into another.
struct UnpackedArchive {
  std::size_t write;   // the effect of COPY or ADD
  std::size_t unpack;  // that of tar or unzip
};

// Those of a stage, in order, with what COPY and ADD bring from `source`; each once.
std::vector<UnpackedArchive> unpacked_archives(const Stage& stage, FileEffect::Source source);

// The command that unpacks it, where that one, and what deletes the archive behind it, can be taken out with
// nothing lost: nothing else needs the archive, nothing in front of it changes what it does, and no variable says
// where it unpacks to.
struct RemovableUnpack {
  Command command;
  std::vector<Edit> edits;  // that take it out
  bool makes_folder;        // a command in front of it makes the folder that it unpacks into
};
std::optional<RemovableUnpack> removable_unpack(const Stage& stage, const UnpackedArchive& archive);

}  // namespace bulkhead::rules
