#include "analysis/rules/directives.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead::rules {
namespace {

// The line at `begin`: # letters = value
std::optional<DirectiveLine> read_line(std::string_view text, Span line) {
  std::uint32_t at = line.begin;
  const auto skip_blanks = [&] {
    while (at < line.end && std::string_view(" \t\v\f\r").find(text[at]) != std::string::npos) ++at;
  };
  skip_blanks();
  if (at == line.end || text[at] != '#') return std::nullopt;
  ++at;
  skip_blanks();
  const std::uint32_t begin = at;
  while (at < line.end && (is_letter(text[at]) || (at > begin && is_digit(text[at])))) ++at;
  DirectiveLine found{.line = line, .name_place = {begin, at}, .value_place = {}};
  skip_blanks();
  if (found.name_place.empty() || at == line.end || text[at] != '=') return std::nullopt;
  ++at;
  skip_blanks();
  std::uint32_t end = line.end;
  while (end > at && std::string_view(" \t\v\f\r").find(text[end - 1]) != std::string::npos) --end;
  if (at == end) return std::nullopt;
  found.value_place = {at, end};
  found.value = text.substr(at, end - at);
  found.name = lower_case(text.substr(begin, found.name_place.size()));
  return found;
}

bool have_directive_form(const Document& document, std::span<const Span> comments) {
  return std::ranges::any_of(
      comments, [&](Span comment) { return read_line(document.text(), comment).has_value(); });
}

}  // namespace

bool is_directive(std::string_view name) {
  return name == "syntax" || name == "escape" || name == "check";
}

DirectiveLines::DirectiveLines(const Document& document, SharedViews& views) {
  const std::string_view text = document.text();
  std::uint32_t at = top_line(text);
  has_shebang = at != line_begin(text, 0);
  while (at < text.size()) {
    const auto feed = static_cast<std::uint32_t>(std::min(text.find('\n', at), text.size()));
    const auto line = read_line(text, {at, feed});
    if (!line || !is_directive(line->name)) break;
    (has_shebang && line->name == "escape" ? comments : read).push_back(*line);
    at = std::min<std::uint32_t>(feed + 1, static_cast<std::uint32_t>(text.size()));
  }
  end = at;
  for (const std::uint32_t below : views.below_comments<have_directive_form>(document)) {
    for (const Span comment : document.comments_above(below)) {
      if (comment.begin < end) continue;
      if (auto line = read_line(text, comment)) comments.push_back(std::move(*line));
    }
  }
}

}  // namespace bulkhead::rules
