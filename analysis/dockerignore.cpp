#include "analysis/dockerignore.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"
#include "analysis/text/path.h"
#include "analysis/text/spaces.h"

namespace bulkhead {
namespace {

// Code points, for `?` is one character; bytes that are not UTF-8 stand for themselves, out of the
// way of real characters.
std::u32string decode(std::string_view text) {
  constexpr char32_t no_character = 0x110000;
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    std::size_t size = 1;
    if (lead >= 0xC2 && lead < 0xE0) size = 2;
    if (lead >= 0xE0 && lead < 0xF0) size = 3;
    if (lead >= 0xF0 && lead < 0xF5) size = 4;
    char32_t value = size == 1 ? lead : lead & (0xFFU >> (size + 1));
    bool valid = lead < 0x80 || size > 1;
    for (std::size_t i = 1; valid && i < size; ++i) {
      const auto next = at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
      valid = (next & 0xC0U) == 0x80;
      value = value << 6 | (next & 0x3FU);
    }
    out += valid ? value : no_character + lead;
    at += valid ? size : 1;
  }
  return out;
}

bool is_letter_or_digit(char32_t c) {
  return c < 0x80 && (is_letter(static_cast<char>(c)) || is_digit(static_cast<char>(c)));
}

}  // namespace

std::vector<IgnorePattern> ignore_patterns(std::string_view text) {
  std::vector<IgnorePattern> patterns;
  const std::uint32_t top = line_begin(text, 0);
  for (std::size_t at = top; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view whole = text.substr(at, end - at);
    const std::string_view line = without_spaces(whole);
    at = end + 1;
    if (whole.starts_with('#') || line.empty()) continue;
    const auto begin = static_cast<std::uint32_t>(line.data() - text.data());
    IgnorePattern pattern{.span = {begin, begin + static_cast<std::uint32_t>(line.size())},
                          .takes_back = line.starts_with('!')};
    const std::string_view path = pattern.takes_back ? without_spaces(line.substr(1)) : line;
    if (!path.empty()) pattern.path = clean_path(path);
    if (pattern.path.starts_with('/')) pattern.path.erase(0, 1);
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

DockerIgnore::DockerIgnore(std::string_view text) {
  for (const IgnorePattern& each : ignore_patterns(text)) {
    Pattern pattern{.takes_back = each.takes_back};
    if (!each.path.empty() && read_tokens(decode(each.path), pattern)) {
      patterns_.push_back(std::move(pattern));
    }
  }
}

bool DockerIgnore::is_malformed(const IgnorePattern& pattern) {
  Pattern unused;
  return !read_tokens(decode(pattern.path), unused) || (pattern.takes_back && pattern.path.empty());
}

bool DockerIgnore::asks_for(std::string_view path) const {
  const std::u32string whole = decode(path);
  const auto last = std::find_if(patterns_.rbegin(), patterns_.rend(),
                                 [&](const Pattern& each) { return matches(each, whole); });
  return last != patterns_.rend() && last->takes_back &&
         std::ranges::any_of(last->tokens, [](const Token& token) {
           return token.kind == Token::Kind::character && token.first != U'/';
         });
}

bool DockerIgnore::takes_back() const {
  return std::ranges::any_of(patterns_, &Pattern::takes_back);
}

// Reads what follows '['; false if the set is malformed.
bool DockerIgnore::read_set(std::u32string_view& text, Set& set) {
  const auto take = [&]() -> std::optional<char32_t> {
    if (text.empty() || text[0] == U'-' || text[0] == U']') return std::nullopt;
    if (text[0] == U'\\') text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    const char32_t c = text[0];
    text.remove_prefix(1);
    return c;
  };
  set.negated = text.starts_with(U'^');
  if (set.negated) text.remove_prefix(1);
  while (set.ranges.empty() || !text.starts_with(U']')) {
    const auto low = take();
    if (!low) return false;
    auto high = low;
    if (text.starts_with(U'-')) {
      text.remove_prefix(1);
      high = take();
      if (!high || *high < *low) return false;
    }
    set.ranges.push_back({*low, *high});
  }
  text.remove_prefix(1);
  return true;
}

bool DockerIgnore::read_tokens(std::u32string_view text, Pattern& pattern) {
  using Kind = Token::Kind;
  const bool deep = text.starts_with(U"**") && !text.starts_with(U"**/");
  bool literal = true;  // all that follows a `**` in front
  while (!text.empty()) {
    const char32_t c = text[0];
    if (text.starts_with(U"**")) {
      const bool first = pattern.tokens.empty();
      text.remove_prefix(text.starts_with(U"**/") ? 3 : 2);
      const Kind kind = text.empty() ? Kind::rest : Kind::folders;
      // Any number of folders behind any number of them is no more than that.
      if (first || pattern.tokens.back().kind != kind) pattern.tokens.push_back({kind, 0});
      literal = literal && first;
      continue;
    }
    text.remove_prefix(1);
    if (c == U'*') {
      pattern.tokens.push_back({Kind::star, 0});
    } else if (c == U'?') {
      pattern.tokens.push_back({Kind::any, 0});
    } else if (c == U'[') {
      Set set;
      if (!read_set(text, set)) return false;
      pattern.tokens.push_back({Kind::set, static_cast<char32_t>(pattern.sets.size())});
      pattern.sets.push_back(std::move(set));
    } else if (c == U'\\') {
      // To the builder these are classes and the like: "\d" is a digit.
      if (text.empty() || is_letter_or_digit(text[0])) return false;
      pattern.tokens.push_back({Kind::character, text[0]});
      text.remove_prefix(1);
    } else {
      pattern.tokens.push_back({Kind::character, c});
      continue;
    }
    literal = false;
  }
  pattern.any_prefix = deep && literal;
  std::vector<Token>& tokens = pattern.tokens;
  const auto stays_in_name = [](const Token& token) {
    return token.kind == Kind::any || token.kind == Kind::star ||
           (token.kind == Kind::character && token.first != U'/');
  };
  if (!pattern.any_prefix && !tokens.empty() && tokens.front().kind == Kind::folders &&
      std::all_of(tokens.begin() + 1, tokens.end(), stays_in_name)) {
    tokens.erase(tokens.begin());
    pattern.name_only = true;
  }
  const auto is_text = [](const Token& token) { return token.kind == Kind::character; };
  const auto is_one_character = [](const Token& token) {
    return token.kind == Kind::character || token.kind == Kind::any || token.kind == Kind::set;
  };
  for (const Token& token : pattern.tokens) {
    if (!is_text(token)) break;
    pattern.prefix += token.first;
  }
  auto end = std::find_if_not(tokens.rbegin(), tokens.rend(), is_text).base();
  for (; end != tokens.end(); ++end) pattern.suffix += end->first;
  pattern.least = static_cast<std::size_t>(std::ranges::count_if(tokens, is_one_character));
  return true;
}

// Follows all ways through the pattern at once, one character after another.
bool DockerIgnore::matches(const Pattern& pattern, std::u32string_view path) {
  if (pattern.name_only) path = path.substr(path.rfind(U'/') + 1);
  if (path.size() < pattern.least || !path.starts_with(pattern.prefix) ||
      !path.ends_with(pattern.suffix))
    return false;
  using Kind = Token::Kind;
  const std::vector<Token>& tokens = pattern.tokens;
  std::vector<bool> here(tokens.size() + 1);
  std::vector<bool> next(tokens.size() + 1);
  // Being in front of a token that may be empty is being behind it as well.
  const auto enter = [&](std::vector<bool>& states, std::size_t i) {
    states[i] = true;
    while (i < tokens.size() && (tokens[i].kind == Kind::star || tokens[i].kind == Kind::rest ||
                                 tokens[i].kind == Kind::folders)) {
      states[++i] = true;
    }
  };
  enter(here, 0);
  for (const char32_t c : path) {
    std::fill(next.begin(), next.end(), false);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (!here[i]) continue;
      const Token& token = tokens[i];
      bool passes = false;
      switch (token.kind) {
        case Kind::character:
          passes = c == token.first;
          break;
        case Kind::any:
          passes = c != U'/';
          break;
        case Kind::set: {
          const Set& set = pattern.sets[token.first];
          passes = set.negated != std::ranges::any_of(set.ranges, [&](const Set::Range& range) {
                     return range.low <= c && c <= range.high;
                   });
          break;
        }
        case Kind::star:
          if (c != U'/') enter(next, i);
          break;
        case Kind::rest:
          enter(next, i);
          break;
        case Kind::folders:  // it ends behind a '/' only
          next[i] = true;
          passes = c == U'/' || (pattern.any_prefix && i == 0);
          break;
      }
      if (passes) enter(next, i + 1);
    }
    std::swap(here, next);
    if (std::find(here.begin(), here.end(), true) == here.end()) return false;
  }
  return here[tokens.size()];
}

DockerIgnore::Index DockerIgnore::by_last_character() const {
  Index index;
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    const std::u32string& suffix = patterns_[i].suffix;
    const bool is_ascii = !suffix.empty() && suffix.back() < 0x80;
    index[is_ascii ? suffix.back() : index.size() - 1].push_back(i);
  }
  return index;
}

void DockerIgnore::mark(std::string_view path, const Index& index, std::vector<bool>& found) const {
  if (path.empty()) return;
  const std::u32string whole = decode(path);
  const auto try_all = [&](const std::vector<std::size_t>& patterns) {
    for (const std::size_t i : patterns) {
      if (!found[i]) found[i] = matches(patterns_[i], whole);
    }
  };
  if (whole.back() < 0x80) try_all(index[whole.back()]);
  try_all(index.back());
}

bool DockerIgnore::ignores(std::string_view path) const {
  if (patterns_.empty()) return false;
  const std::u32string whole = decode(path);
  // From the outermost folder inwards, for what matched a folder holds for all that is in it.
  std::vector<bool> matched(patterns_.size());
  bool ignored = false;
  for (std::size_t slash = 0; slash != std::u32string::npos;) {
    slash = whole.find(U'/', slash + 1);
    ignored = false;
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      // A pattern that could change nothing is not looked at.
      if (!matched[i] && patterns_[i].takes_back == ignored) {
        matched[i] = matches(patterns_[i], std::u32string_view(whole).substr(0, slash));
      }
      if (matched[i]) ignored = !patterns_[i].takes_back;
    }
  }
  return ignored;
}

}  // namespace bulkhead
