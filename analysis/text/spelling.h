#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead {

// How many letters must be added, taken away, replaced or swapped with their neighbour to make one
// text of the other, case left aside; more than `most` counts as most + 1.
std::size_t spelling_distance(std::string_view a, std::string_view b, std::size_t most);

// The one of `candidates` that `word` looks like a misspelling of: the nearest within a third of
// the word's length, else the only one that begins with the word. None where no one is near; of
// several as near, the first.
std::optional<std::string_view> nearest_spelling(std::string_view word,
                                                 const std::vector<std::string_view>& candidates);

// "; did you mean 'RUN'?", to be put behind what is wrong with `word`; empty where none of them is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace bulkhead
