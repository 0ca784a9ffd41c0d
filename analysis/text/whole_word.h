#pragma once

#include <string_view>

namespace bulkhead {

// Whether `word` stands in `text` with no character beside it that `is_part` of words.
template <class IsPart>
bool has_whole_word(std::string_view text, std::string_view word, IsPart is_part) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool goes_on =
        (at > 0 && is_part(text[at - 1])) || (end < text.size() && is_part(text[end]));
    if (!goes_on) return true;
  }
  return false;
}

}  // namespace bulkhead
