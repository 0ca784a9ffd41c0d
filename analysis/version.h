#pragma once

// One version of a Dockerfile after the other, and what of an analysis an edit leaves as it was: what Analyser
// asks of checks is said in engine.h.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/text/change.h"
#include "analysis/text/common_ends.h"

namespace bulkhead {

// How stages hang together.
struct Links {
  explicit Links(const Document& document);
  bool operator==(const Links&) const = default;

  using Edges = std::vector<std::vector<std::uint32_t>>;
  Edges below;  // for each stage the one that it is built on, if that is one
  Edges used;   // for each stage those that it takes files from
  Edges above;  // the other way round: those that are built on it
  Edges users;  // and those that take files from it
};

// What an analysis keeps for the next one.
struct Version {
  // `before` is the last one, if there is one.
  Version(std::shared_ptr<const Document> of, const Version* before);

  std::shared_ptr<const Document> document;
  // Where each stage begins: with the comments above its FROM, behind the last line of the one before. The
  // first one begins with its FROM. In order; the end of the text comes last.
  std::vector<std::uint32_t> begins;
  std::shared_ptr<const Links> links;  // that of the version before, where they are the same
};

// What of a version need not be looked at again.
struct Kept {
  // Nothing of it is kept.
  explicit Kept(const Version& now)
      : stages(now.document->stages().size(), false),
        other_dependents(stages),
        anew(now.document->instructions().size(), true) {}

  // The index that instruction `old` of the version before has now, if it is kept.
  std::optional<std::uint32_t> index_of(std::uint32_t old, const Version& before) const;

  std::vector<bool> stages;
  // Of these what rules found that look at dependents is not, for one of those is other.
  std::vector<bool> other_dependents;
  std::vector<bool> anew;  // the instructions that are to be looked at
  // How many instructions are those of the version before, whatever reaches them: in front of what has changed, and
  // behind it.
  CommonEnds same = {};
};

// `change` is that of the text.
Kept kept_of(const Version& before, const Version& now, const Change& change);

// Where the lines in front of instruction `index`, comments and blank ones, begin: behind the last line of the
// instruction above, of which there has to be one.
std::uint32_t gap_begin(const Document& document, std::uint32_t index);

}  // namespace bulkhead
