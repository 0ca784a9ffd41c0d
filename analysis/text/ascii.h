#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace bulkhead {

// Dockerfiles know case in ASCII only, whatever the locale.
constexpr char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char upper_case(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

inline std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return lower_case(c); });
  return out;
}

inline std::string upper_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return upper_case(c); });
  return out;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, {}, [](char c) { return lower_case(c); }, [](char c) { return lower_case(c); });
}

// As text.find(part, begin), without regard to case.
constexpr std::size_t find_ignoring_case(std::string_view text, std::string_view part,
                                         std::size_t begin = 0) {
  if (part.empty()) return text.find(part, begin);
  const auto find_from = [&](char start) {
    std::size_t at = text.find(start, begin);
    while (at != text.npos && !equals_ignoring_case(text.substr(at, part.size()), part))
      at = text.find(start, at + 1);
    return at;
  };
  const char lower = lower_case(part.front());
  const char upper = upper_case(part.front());
  const std::size_t at = find_from(lower);
  return lower == upper ? at : std::min(at, find_from(upper));
}

constexpr bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return find_ignoring_case(text, part) != text.npos;
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'f');
}
constexpr bool is_letter(char c) {
  return lower_case(c) >= 'a' && lower_case(c) <= 'z';
}
// What the names of variables consist of, here and in shells.
constexpr bool is_name_start(char c) {
  return is_letter(c) || c == '_';
}
constexpr bool is_name_character(char c) {
  return is_name_start(c) || is_digit(c);
}
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
constexpr bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Characters to look for in a text. std::string_view::find_first_of() calls memchr for each character of the
// text, which shows in what is done for each word of each file.
class CharacterSet {
 public:
  explicit constexpr CharacterSet(std::string_view characters) {
    for (const char c : characters) has_[static_cast<unsigned char>(c)] = true;
  }
  // The first of them in `text` from `at` on; npos where there is none.
  constexpr std::size_t find_in(std::string_view text, std::size_t at = 0) const {
    for (; at < text.size(); ++at) {
      if (has_[static_cast<unsigned char>(text[at])]) return at;
    }
    return std::string_view::npos;
  }

  // The last of them; npos where there is none.
  constexpr std::size_t rfind_in(std::string_view text) const {
    for (std::size_t at = text.size(); at-- > 0;) {
      if (has_[static_cast<unsigned char>(text[at])]) return at;
    }
    return std::string_view::npos;
  }

 private:
  bool has_[256] = {};
};

// Without blanks, tabs and carriage returns at both ends.
constexpr std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace bulkhead
