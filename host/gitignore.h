#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bulkhead::host {

// The patterns of one .gitignore, as gitignore(5) tells them: comments, `!` takes back, a trailing
// `/` means folders, a `/` before that ties the pattern to the file's own folder, `*`, `?`,
// `[a-z]`, `**`,
// `\` escapes. Classes such as [[:alpha:]] are not known: they match what their characters say.
class GitIgnore {
 public:
  explicit GitIgnore(std::string_view text);

  // What the last pattern that matches says of a path: true is ignored, false is taken back, none
  // is not mentioned. `path` is relative to the folder of the .gitignore, '/' between names. That
  // what lies in an ignored folder is ignored as well is for the caller, who does not descend
  // there.
  std::optional<bool> verdict(std::string_view path, bool folder) const;

 private:
  // A byte, or behind those the place in `sets_` of the bytes that may stand here; none is `*`.
  using Token = std::optional<std::uint32_t>;
  // A name; none is `**`.
  using Segment = std::optional<std::vector<Token>>;
  struct Pattern {
    std::vector<Segment> segments;
    bool folders_only = false;
    bool ignores = true;
  };

  std::vector<Token> tokens(std::string_view name);
  bool fits(std::uint32_t token, char c) const;

  std::vector<Pattern> patterns_;
  std::vector<std::bitset<256>> sets_{std::bitset<256>().set()};  // the first is `?`
};

}  // namespace bulkhead::host
