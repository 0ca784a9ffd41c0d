#include "analysis/text/edit.h"

#include <algorithm>

namespace bulkhead {

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
  std::ranges::sort(sorted, [](const TextEdit& a, const TextEdit& b) {
    return std::pair(a.span.begin, a.span.end) < std::pair(b.span.begin, b.span.end);
  });
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

}  // namespace bulkhead
