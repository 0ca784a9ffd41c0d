#pragma once

// One version of a Dockerfile after the other, and what of an analysis an edit leaves as it was: what Analyser
// asks of checks is said in engine.h.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/model/document.h"

namespace bulkhead {

// How stages hang together.
struct Links {
  explicit Links(const Document& document);
  bool operator==(const Links&) const = default;

  using Edges = std::vector<std::vector<std::uint32_t>>;
  Edges below;  // for each stage the one that it is built on, if that is one
  Edges used;   // for each stage those that it takes files from
};

// What an analysis keeps for the next one.
struct Version {
  explicit Version(std::shared_ptr<const Document> of);

  std::shared_ptr<const Document> document;
  // Where each stage begins: with the comments above its FROM, behind the last line of the one before. The
  // first one begins with its FROM. In order; the end of the text comes last.
  std::vector<std::uint32_t> begins;
  Links links;
};

// What of a version need not be looked at again.
struct Kept {
  static constexpr std::int32_t none = -1;
  // Nothing of it is kept.
  explicit Kept(const Version& now)
      : stages(now.document->stages().size(), false),
        other_dependents(stages),
        instructions(now.document->instructions().size(), none) {}

  // The index that instruction `old` of the version before has now, if it is kept.
  std::optional<std::uint32_t> index_of(std::uint32_t old, const Version& before) const;

  std::vector<bool> stages;
  // Of these what rules found that look at dependents is not, for one of those is other.
  std::vector<bool> other_dependents;
  // The index that each instruction had before; none for those that are to be looked at.
  std::vector<std::int32_t> instructions;
  // The first instruction of the version before that stands behind what has changed.
  std::uint32_t first_behind = 0;
};

Kept kept_of(const Version& before, const Version& now);

// Where the lines in front of instruction `index`, comments and blank ones, begin: behind the last line of the
// instruction above, of which there has to be one.
std::uint32_t gap_begin(const Document& document, std::uint32_t index);

}  // namespace bulkhead
