#include "analysis/model/row.h"

#include "analysis/model/rewrite.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead {
namespace {

// Where the comment lines begin that stand behind `top`, right above the line that begins at `line`; `line` where
// there are none.
std::uint32_t first_comment(std::string_view text, std::uint32_t line, std::uint32_t top) {
  while (line > top) {
    const std::uint32_t above = line_begin(text, line - 1);
    if (!trimmed(text.substr(above, line - above)).starts_with('#')) break;
    line = above;
  }
  return line;
}

}  // namespace

Edit remove_from_row(std::string_view text, const std::vector<Span>& row, std::size_t first,
                     std::size_t last, std::uint32_t top) {
  const Span gone{row[first].begin, row[last].end};
  const bool is_first = first == 0;
  if (last + 1 == row.size())
    return replace(Span{is_first ? gone.begin : row[first - 1].end, gone.end}, "");
  const std::uint32_t next = row[last + 1].begin;
  const std::string_view way = text.substr(gone.end, next - gone.end);
  const std::size_t feed = way.find('\n');
  if (feed == std::string_view::npos) return replace(Span{gone.begin, next}, "");
  const std::uint32_t line = line_begin(text, gone.begin);
  const std::uint32_t comment = first_comment(text, line, top);
  const bool has_comment = comment < line || way.find('#') != std::string_view::npos;
  // Where no comment says which is which, the next takes the place of the first.
  if (is_first && !has_comment) return replace(Span{gone.begin, next}, "");
  const auto line_end = gone.end + static_cast<std::uint32_t>(feed + 1);
  const bool is_alone = trimmed(text.substr(line, gone.begin - line)).empty();
  if (is_alone) return replace(Span{comment, line_end}, "");
  if (!is_first) return replace(Span{row[first - 1].end, gone.end}, "");
  // What stays of the line, behind the comma of a JSON array. It is part of the edit, so that no other one takes
  // the next of two away at the same time.
  const std::size_t rest = way.find_first_not_of(" \t,");
  return replace(Span{gone.begin, line_end}, std::string(way.substr(rest, feed + 1 - rest)));
}

}  // namespace bulkhead
