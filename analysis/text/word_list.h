#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bulkhead {

// Words that are known when this is compiled, between blanks. Nearly all that are looked for in it are told from
// them by their size or first character.
class WordList {
 public:
  constexpr WordList() = default;
  consteval WordList(const char* words) : WordList(std::string_view(words)) {}
  consteval WordList(std::string_view words) : words_(words) {
    for (std::size_t at = 0; at < words.size();) {
      const std::size_t end = std::min(words.find(' ', at), words.size());
      if (end > at) {
        firsts_ |= bit(static_cast<unsigned char>(words[at]));
        sizes_ |= bit(end - at);
      }
      at = end + 1;
    }
  }

  constexpr std::string_view text() const { return words_; }
  constexpr bool empty() const { return words_.empty(); }
  bool holds(std::string_view word) const {
    return !word.empty() && (firsts_ & bit(static_cast<unsigned char>(word.front()))) != 0 &&
           (sizes_ & bit(word.size())) != 0 && finds(word);
  }

 private:
  static constexpr std::uint64_t bit(std::size_t number) { return std::uint64_t{1} << number % 64; }
  bool finds(std::string_view word) const;

  std::string_view words_;
  std::uint64_t firsts_ = 0;  // the characters that words begin with
  std::uint64_t sizes_ = 0;
};

// Whether `word` is one of `words`.
inline bool is_listed(std::string_view word, const WordList& words) {
  return words.holds(word);
}

}  // namespace bulkhead
