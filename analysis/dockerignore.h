#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/span.h"

namespace bulkhead {

// A line of an ignore file that is neither empty nor a comment.
struct IgnorePattern {
  Span span;                // without the blanks around it
  bool takes_back = false;  // with '!' in front
  std::string path;         // cleaned, without that and a '/' in front; empty for a lone '!'
};

// In order.
std::vector<IgnorePattern> ignore_patterns(std::string_view text);

// The patterns of an ignore file, matched as the builder does. Sources: the Docker manual on
// .dockerignore files, and what BuildKit's pattern matcher does where the manual leaves it open:
//
//   - a line that begins with '#' is a comment; blanks around a pattern and a byte-order mark go;
//   - patterns are cleaned as paths, and a '/' in front means nothing;
//   - `*` is any text and `?` one character, both without '/'; `[a-z]` and `[^a-z]` are sets; `\`
//     takes the next character as it is; `**` is any number of folders, none among them;
//   - what matches a folder matches all that is in it; `!` takes back; the last match counts.
//
// A malformed pattern, which ends a real build, matches nothing; nor does one with `\` in front of a
// letter or digit, of which the builder makes something that nobody wants. Matching takes time in
// proportion to the pattern times the path, whatever they are, for each folder on the way.
class DockerIgnore {
 public:
  explicit DockerIgnore(std::string_view text);

  // Whether `pattern` is one of those that match nothing.
  static bool is_malformed(const IgnorePattern& pattern);

  // Whether the builder does not get to see `path`: from the context's root, '/' between names.
  bool ignores(std::string_view path) const;

  // Whether somebody wants just `path` to be sent: of the patterns that match it itself, the last one takes it
  // back, and tells more than `*`.
  bool asks_for(std::string_view path) const;

  // Whether something in an ignored folder may be sent all the same.
  bool takes_back() const;

  // How many patterns there are, malformed ones left out.
  std::size_t size() const { return patterns_.size(); }

  // For each pattern in order, malformed ones and comments left out: whether it matches one of
  // `paths` themselves, not only a folder that they lie in.
  template <class Paths>
  std::vector<bool> matching(const Paths& paths) const {
    std::vector<bool> found(patterns_.size());
    const Index index = by_last_character();
    for (const auto& path : paths) mark(path, index, found);
    return found;
  }

 private:
  struct Token {
    enum class Kind : std::uint8_t {
      character,  // `first`
      any,        // `?`
      set,        // sets_[first]
      star,       // `*`
      folders,    // `**` or `**/` in front of something
      rest,       // `**` at the end
    };
    Kind kind = Kind::character;
    char32_t first = 0;
  };
  struct Set {
    struct Range {
      char32_t low = 0;
      char32_t high = 0;
    };
    std::vector<Range> ranges;
    bool negated = false;
  };
  struct Pattern {
    std::vector<Token> tokens;
    std::vector<Set> sets;
    bool takes_back = false;
    bool any_prefix = false;  // `**name`: anything may stand in front, even without '/'
    bool name_only = false;   // `**/name`: the tokens are those of the last name of the path
    // What all that matches begins and ends with, and how many characters it has at least: tells most
    // others apart at once.
    std::u32string prefix = {};
    std::u32string suffix = {};
    std::size_t least = 0;
  };

  static bool read_set(std::u32string_view& text, Set& set);
  static bool read_tokens(std::u32string_view text, Pattern& pattern);
  // Patterns by the last character of what they match; in the last place, where that may be any.
  using Index = std::array<std::vector<std::size_t>, 129>;
  Index by_last_character() const;
  void mark(std::string_view path, const Index& index, std::vector<bool>& found) const;
  static bool matches(const Pattern& pattern, std::u32string_view path);

  std::vector<Pattern> patterns_;
};

}  // namespace bulkhead
