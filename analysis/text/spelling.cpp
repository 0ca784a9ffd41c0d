#include "analysis/text/spelling.h"

#include <algorithm>
#include <cstddef>

#include "analysis/text/ascii.h"

namespace bulkhead {

std::size_t spelling_distance(std::string_view a, std::string_view b, std::size_t most) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > most) return most + 1;
  // Optimal string alignment; rows are those of the last three prefixes of `a`.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  const auto same = [&](std::size_t i, std::size_t j) {
    return lower_case(a[i]) == lower_case(b[j]);
  };
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same(i - 1, j - 1) ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return std::min(last[b.size()], most + 1);
}

std::optional<std::string_view> nearest_spelling(std::string_view word,
                                                 const std::vector<std::string_view>& candidates) {
  // Long words are no names, and comparing them would take long.
  if (word.empty() || word.size() > 64) return std::nullopt;
  const std::size_t most = std::max<std::size_t>(1, word.size() / 3);
  std::optional<std::string_view> nearest;
  std::size_t least = most + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = spelling_distance(word, candidate, most);
    // A word of two letters is near to everything that has one of them.
    if (distance >= least || distance >= std::max(word.size(), candidate.size()) - 1) continue;
    least = distance;
    nearest = candidate;
  }
  if (nearest || word.size() < 3) return nearest;
  for (const std::string_view candidate : candidates) {
    if (!equals_ignoring_case(candidate.substr(0, word.size()), word)) continue;
    if (nearest) return std::nullopt;
    nearest = candidate;
  }
  return nearest;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const auto nearest = nearest_spelling(word, candidates);
  return nearest ? "; did you mean '" + std::string(*nearest) + "'?" : std::string();
}

}  // namespace bulkhead
