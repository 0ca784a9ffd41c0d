#include "analysis/rules/empty_lines.h"

#include <algorithm>
#include <cstdint>
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

// `line` without the blanks at its end, and in a script without the operator there, which would join another
// command.
std::string_view ended(std::string_view line, bool is_script) {
  const auto without_blanks = [](std::string_view text) {
    return text.substr(0, text.find_last_not_of(" \t") + 1);
  };
  line = without_blanks(line);
  if (!is_script) return line;
  for (const std::string_view joint : {"&&", "||", "|", ";"}) {
    if (!line.ends_with(joint)) continue;
    const std::string_view rest = line.substr(0, line.size() - joint.size());
    // `\;` is an argument, `;;` ends a case.
    return rest.ends_with('\\') || rest.ends_with(';') ? line : without_blanks(rest);
  }
  return line;
}

}  // namespace

EmptyLines empty_lines(const Instruction& instruction) {
  const std::string_view text = instruction.document().text();
  const std::uint32_t end = instruction.begin() + instruction.data().line_size;
  EmptyLines found;
  const bool is_script = !expands_variables(instruction.kind()) && !instruction.is_json();
  Span escape;
  bool behind_empty = false;
  bool first = true;
  // An instruction that ends in an empty line at the end of the file ends in front of that line's end.
  const bool ends_empty = instruction.data().heredocs.empty() && end < text.size();
  for (std::uint32_t at = instruction.begin(); at < end || (at == end && ends_empty);) {
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
      // The blanks in front of the escape character go with it. Where nothing is left of a line, what
      // leads to it goes, too.
      const auto mark = std::min(line.find_last_not_of(" \t\r"), line.size());
      const auto kept = static_cast<std::uint32_t>(ended(line.substr(0, mark), is_script).size());
      const std::size_t line_end = line.ends_with('\r') ? line.size() - 1 : line.size();
      escape = {kept == 0 && !first ? escape.begin : at + kept,
                at + static_cast<std::uint32_t>(line_end)};
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
