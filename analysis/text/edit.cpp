#include "analysis/text/edit.h"

#include <algorithm>
#include <iterator>

namespace bulkhead {
namespace {

bool inserts_behind(const TextEdit& edit, const TextEdit& other) {
  return edit.span.empty() && !other.span.empty() && edit.span.begin == other.span.end;
}

// Whether two edits of different fixes cannot both be made.
bool quarrel(const TextEdit& a, const TextEdit& b) {
  return conflict(a, b) || inserts_behind(a, b) || inserts_behind(b, a);
}

}  // namespace

bool conflict(const TextEdit& a, const TextEdit& b) {
  if (a == b) return false;
  const TextEdit& first = b.span.begin < a.span.begin ? b : a;
  const TextEdit& second = &first == &a ? b : a;
  if (first.span.begin == second.span.begin) {
    // An insertion in front of what another edit replaces is fine; the rest is not.
    return first.span.empty() == second.span.empty();
  }
  return second.span.begin < first.span.end;
}

std::optional<std::string> apply_edits(std::string_view text, std::span<const TextEdit> edits) {
  std::vector<TextEdit> sorted(edits.begin(), edits.end());
  std::ranges::sort(sorted);
  const auto [first, last] = std::ranges::unique(sorted);
  sorted.erase(first, last);

  std::string out;
  std::uint32_t at = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto& [span, replacement] = sorted[i];
    if (span.end < span.begin || span.end > text.size()) return std::nullopt;
    if (i > 0 && conflict(sorted[i - 1], sorted[i])) return std::nullopt;
    if (span.begin < at) return std::nullopt;
    out.append(text.substr(at, span.begin - at)).append(replacement);
    at = span.end;
  }
  out.append(text.substr(at));
  return out;
}

std::string edited(std::string_view text, std::span<const TextEdit> edits) {
  if (edits.empty()) return std::string(text);
  // A key press makes one: the text is copied once, and moved nowhere.
  const auto& [first, put_in] = edits.front();
  const std::string_view behind = text.substr(std::min<std::size_t>(first.end, text.size()));
  std::string out;
  out.reserve(first.begin + put_in.size() + behind.size());
  out.append(text.substr(0, first.begin)).append(put_in).append(behind);
  for (const auto& [span, replacement] : edits.subspan(1))
    out.replace(span.begin, span.size(), replacement);
  return out;
}

bool EditSet::conflicts(const TextEdit& edit) const {
  // They stand one behind the other, so that what reaches over a neighbour conflicts with that as well.
  const auto next = edits_.lower_bound(edit);
  return (next != edits_.end() && quarrel(*next, edit)) ||
         (next != edits_.begin() && quarrel(*std::prev(next), edit));
}

}  // namespace bulkhead
