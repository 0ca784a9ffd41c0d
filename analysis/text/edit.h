#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/span.h"

namespace bulkhead {

// Replaces the bytes of `span` by `text`; an empty span inserts, an empty text deletes.
struct TextEdit {
  Span span;
  std::string text;

  bool operator==(const TextEdit&) const = default;
};

// Whether two edits of one text cannot both be made: they share bytes, or both insert at one place
// (their order would be a guess). Equal edits do not conflict: one of them serves both.
bool conflict(const TextEdit& a, const TextEdit& b);

// The text after all `edits`, whose spans are those of `text` before any of them, in any order.
// Equal edits are made once. Nothing when two of them conflict or one lies outside the text.
std::optional<std::string> apply_edits(std::string_view text, std::span<const TextEdit> edits);

}  // namespace bulkhead
