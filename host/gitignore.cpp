#include "host/gitignore.h"

#include <cstddef>
#include <string>

namespace bulkhead::host {
namespace {

constexpr std::uint32_t first_set = 256;  // behind all bytes

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Whether `pattern`, whose items are none for "any number", fits all of `text`. To go back to the
// last star is enough, so that no pattern takes more than |pattern| * |text| steps.
template <class Item, class Text, class Fits>
bool matches(const std::vector<std::optional<Item>>& pattern, const Text& text, Fits fits) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::optional<std::size_t> star;
  std::size_t star_end = 0;
  while (t < text.size()) {
    if (p < pattern.size() && !pattern[p]) {
      star = p++;
      star_end = t;
    } else if (p < pattern.size() && fits(*pattern[p], text[t])) {
      ++p;
      ++t;
    } else if (star) {
      p = *star + 1;
      t = ++star_end;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && !pattern[p]) ++p;
  return p == pattern.size();
}

// The class that opens at text[at] == '['; moves `at` behind its ']'. None when it does not close.
std::optional<std::bitset<256>> read_class(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t i = at + 1;
  const bool inverted = i < text.size() && (text[i] == '!' || text[i] == '^');
  if (inverted) ++i;
  std::bitset<256> set;
  for (bool first = true; i < text.size() && (first || text[i] != ']'); first = false) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    const unsigned char low = byte(i++);
    unsigned char high = low;
    if (i + 1 < text.size() && text[i] == '-' && text[i + 1] != ']') {
      if (text[++i] == '\\' && i + 1 < text.size()) ++i;
      high = byte(i++);
    }
    for (unsigned c = low; c <= high; ++c) set.set(c);
  }
  if (i >= text.size()) return std::nullopt;
  at = i + 1;
  return inverted ? ~set : set;
}

// Without the line end, and without trailing blanks that are not escaped.
std::string_view without_trailing_blanks(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
  return line;
}

}  // namespace

std::vector<GitIgnore::Token> GitIgnore::tokens(std::string_view name) {
  std::vector<Token> tokens;
  bool closes = true;  // where one class does not, none behind it does
  for (std::size_t i = 0; i < name.size();) {
    if (name[i] == '*') {
      tokens.push_back(std::nullopt);
      ++i;
      continue;
    }
    if (name[i] == '?') {
      tokens.push_back(first_set);
      ++i;
      continue;
    }
    if (name[i] == '[' && closes) {
      if (auto set = read_class(name, i)) {
        tokens.push_back(first_set + static_cast<std::uint32_t>(sets_.size()));
        sets_.push_back(*set);
        continue;
      }
      closes = false;
    }
    if (name[i] == '\\' && i + 1 < name.size()) ++i;
    tokens.push_back(static_cast<unsigned char>(name[i++]));
  }
  return tokens;
}

bool GitIgnore::fits(std::uint32_t token, char c) const {
  const auto byte = static_cast<unsigned char>(c);
  return token < first_set ? token == byte : sets_[token - first_set][byte];
}

GitIgnore::GitIgnore(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::string_view line : split(text, '\n')) {
    line = without_trailing_blanks(line);
    if (line.starts_with('#')) continue;
    Pattern pattern;
    if (line.starts_with('!')) {
      pattern.ignores = false;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      pattern.folders_only = true;
      line.remove_suffix(1);
    }
    const bool tied = line.find('/') != std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.empty()) continue;
    if (!tied) pattern.segments.push_back(std::nullopt);
    const auto names = split(line, '/');
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool last = i + 1 == names.size();
      if (names[i] == "**") pattern.segments.push_back(std::nullopt);
      // `folder/**` is all that lies in the folder, and not the folder.
      if (names[i] != "**" || last) pattern.segments.push_back(tokens(names[i]));
    }
    patterns_.push_back(std::move(pattern));
  }
}

std::optional<bool> GitIgnore::verdict(std::string_view path, bool folder) const {
  if (patterns_.empty()) return std::nullopt;
  const auto names = split(path, '/');
  for (auto pattern = patterns_.rbegin(); pattern != patterns_.rend(); ++pattern) {
    if (pattern->folders_only && !folder) continue;
    const bool matched = matches(
        pattern->segments, names, [&](const std::vector<Token>& segment, std::string_view name) {
          return matches(segment, name,
                         [&](std::uint32_t token, char c) { return fits(token, c); });
        });
    if (matched) return pattern->ignores;
  }
  return std::nullopt;
}

}  // namespace bulkhead::host
