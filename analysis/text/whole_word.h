#pragma once

#include <string_view>

#include "analysis/text/ascii.h"

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

// Whether a word of the text may go on behind the end of a line, for the shell or for the builder.
inline bool has_split_word(std::string_view text) {
  for (std::size_t feed = text.find('\n'); feed != text.npos; feed = text.find('\n', feed + 1)) {
    const std::string_view line = text.substr(0, feed);
    const std::size_t last = line.find_last_not_of(" \t\r");
    const bool continues = last != line.npos && last > 0 &&
                           (line[last] == '\\' || line[last] == '`') &&
                           is_name_character(line[last - 1]);
    if (continues && feed + 1 < text.size() && !is_blank(text[feed + 1])) return true;
  }
  return false;
}

}  // namespace bulkhead
