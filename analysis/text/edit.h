#pragma once

#include <compare>
#include <optional>
#include <set>
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

  // In the order of the text.
  auto operator<=>(const TextEdit&) const = default;
};

// Whether two edits of one text cannot both be made: they share bytes, or both insert at one place
// (their order would be a guess). Equal edits do not conflict: one of them serves both.
bool conflict(const TextEdit& a, const TextEdit& b);

// The text after all `edits`, whose spans are those of `text` before any of them, in any order.
// Equal edits are made once. Nothing when two of them conflict or one lies outside the text.
std::optional<std::string> apply_edits(std::string_view text, std::span<const TextEdit> edits);

// The text after `edits`, each told in terms of the text that the one before it left, and within that.
std::string edited(std::string_view text, std::span<const TextEdit> edits);

// Edits of one text by fixes that know nothing of one another. Asking and adding take logarithmic time.
class EditSet {
 public:
  // Whether one of them conflicts with `edit`, or one of the two inserts right behind what the other replaces: it
  // was meant to stand behind the text that goes.
  bool conflicts(const TextEdit& edit) const;
  // `edit` must not conflict with any; one that is there already is not added again.
  void add(const TextEdit& edit) { edits_.insert(edit); }

 private:
  std::set<TextEdit> edits_;
};

}  // namespace bulkhead
