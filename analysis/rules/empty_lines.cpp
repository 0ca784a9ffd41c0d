#include "analysis/rules/empty_lines.h"

#include <algorithm>
#include <string_view>

#include "analysis/model/rewrite.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// The bytes of the keyword that `line` begins with, if it is one in upper case.
std::size_t keyword_size(std::string_view line) {
  const std::size_t size = std::min(line.find_first_of(" \t\r"), line.size());
  const Keyword keyword = keyword_of(line.substr(0, size));
  return keyword != Keyword::unknown && name(keyword) == line.substr(0, size) ? size : 0;
}

}  // namespace

EmptyLines empty_lines(const Instruction& instruction) {
  const std::string_view text = instruction.document().text();
  const std::uint32_t end = instruction.begin() + instruction.data().line_size;
  EmptyLines found;
  Span escape;
  bool behind_empty = false;
  bool first = true;
  for (std::uint32_t at = instruction.begin(); at < end;) {
    const auto feed = static_cast<std::uint32_t>(std::min(text.find('\n', at), text.size()));
    const auto next = std::min(feed + 1, static_cast<std::uint32_t>(text.size()));
    const std::string_view line = text.substr(at, feed - at);
    const std::string_view content = trimmed(line);
    if (!first && content.empty()) {
      if (found.lines.empty()) found.first = {at, feed};
      found.lines.push_back({at, next});
      behind_empty = true;
    } else if (first || !content.starts_with('#')) {
      const std::size_t size = behind_empty ? keyword_size(content) : 0;
      if (size > 0 && !found.swallowed) {
        const auto begin = static_cast<std::uint32_t>(content.data() - text.data());
        found.swallowed = Span{begin, begin + static_cast<std::uint32_t>(size)};
        found.escape = escape;
      }
      // The blanks in front of the escape character go with it.
      auto mark = line.find_last_not_of(" \t\r");
      const auto kept = mark == std::string_view::npos || mark == 0
                            ? std::string_view::npos
                            : line.find_last_not_of(" \t", mark - 1);
      mark = kept == std::string_view::npos ? 0 : kept + 1;
      const std::size_t line_end = line.ends_with('\r') ? line.size() - 1 : line.size();
      escape = {at + static_cast<std::uint32_t>(mark), at + static_cast<std::uint32_t>(line_end)};
      behind_empty = false;
    }
    first = false;
    at = next;
  }
  return found;
}

Edit end_before_swallowed(const EmptyLines& lines) {
  return replace(lines.escape, "");
}

}  // namespace bulkhead::rules
