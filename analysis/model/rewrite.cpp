#include "analysis/model/rewrite.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "analysis/model/expansion.h"
#include "analysis/model/row.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead {
namespace {

Edit edit(std::uint32_t begin, std::uint32_t end, std::string text) {
  return {{{begin, end}, std::move(text)}};
}

// The first byte behind the line that holds `offset`, and whether that line has its line end.
std::pair<std::uint32_t, bool> line_end(std::string_view text, std::uint32_t offset) {
  const auto feed = text.find('\n', offset);
  if (feed == std::string_view::npos) return {static_cast<std::uint32_t>(text.size()), false};
  return {static_cast<std::uint32_t>(feed + 1), true};
}

// `text` in the case of `model`: lower, upper or with a capital.
std::string match_case(std::string_view model, std::string_view text) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (model.empty() || !std::ranges::any_of(model, is_lower)) return std::string(text);
  std::string out = lower_case(text);
  if (!is_lower(model[0]) && !out.empty()) out[0] = upper_case(out[0]);
  return out;
}

// `lines` as they stand in front of `instruction`.
std::string indented(const Instruction& instruction, const std::vector<std::string>& lines) {
  const Document& document = instruction.document();
  const std::uint32_t begin = line_begin(document.text(), instruction.begin());
  const std::string_view lead = document.text().substr(begin, instruction.begin() - begin);
  const std::string indent(lead.substr(0, lead.find_first_not_of(" \t")));
  std::string out;
  for (const std::string& line : lines) {
    out += indent + styled(line, instruction.keyword().text()) + std::string(document.line_end());
  }
  return out;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

template <class Items>
std::vector<Span> spans_of(const Items& items) {
  std::vector<Span> spans;
  for (const auto& item : items) spans.push_back(item.span());
  return spans;
}

// N of the tag of docker/dockerfile, "1.N", "1.N.3-labs"; 0 of "experimental". None for "1" and "1-labs", the
// newest there is.
std::optional<unsigned> minor_of(std::string_view tag) {
  if (tag.ends_with("experimental")) return 0;
  if (!tag.starts_with("1.")) return std::nullopt;
  unsigned value = 0;
  const char* const begin = tag.data() + 2;
  const auto [end, error] = std::from_chars(begin, tag.data() + tag.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string styled(std::string line, std::string_view keyword) {
  if (line.starts_with('#')) return line;
  const std::size_t size = std::min(line.find(' '), line.size());
  return match_case(keyword, line.substr(0, size)) + line.substr(size);
}

Edit replace(Span place, std::string text) {
  return {{place, std::move(text)}};
}

Edit replace(const Word& word, std::string_view text) {
  const Span span = word.span();
  const std::string_view written =
      word.instruction().document().text().substr(span.begin, span.size());
  if (word.is_json()) return replace(span, json_string(text));
  const bool quoted = written.size() >= 2 && (written[0] == '"' || written[0] == '\'') &&
                      written.back() == written[0];
  return replace(span, quoted ? written[0] + std::string(text) + written[0] : std::string(text));
}

Edit replace_keyword(const Word& keyword, std::string_view upper_case) {
  return replace(keyword.span(), match_case(keyword.text(), upper_case));
}

namespace {

// Makes `whole` of the image's name in `from`.
std::optional<Edit> rename(const From& from, const std::string& whole) {
  const auto word = from.image_word();
  if (!word) return std::nullopt;
  const std::string_view written = word->text();
  const std::size_t dollar = written.find('$');
  if (dollar == std::string_view::npos) {
    // The part that stays is left as it was laid out.
    const auto same =
        static_cast<std::size_t>(std::ranges::mismatch(written, whole).in1 - written.begin());
    const std::size_t kept = whole.find_last_of("/:", same == 0 ? 0 : same - 1) + 1;
    if (kept == 0 || kept > same || kept == written.size()) return replace(*word, whole);
    return edit(word->part(kept, 0).begin, word->span().end, whole.substr(kept));
  }
  // One variable, $NAME or ${NAME}: what stands around it in the new name must be what is there now.
  const bool braces = written.substr(dollar).starts_with("${");
  const std::size_t name_begin = dollar + (braces ? 2 : 1);
  const std::string_view name =
      written.substr(name_begin, variable_name_size(written.substr(name_begin)));
  const std::size_t behind = name_begin + name.size() + (braces ? 1 : 0);
  if (behind > written.size() || (braces && written[behind - 1] != '}')) return std::nullopt;
  const std::string_view before = written.substr(0, dollar);
  const std::string_view after = written.substr(behind);
  if (after.find_first_of("$@/") != std::string_view::npos) return std::nullopt;
  const auto definition = from.definition(name);
  const auto value = definition ? definition->value() : std::nullopt;
  if (!value || value->has_variable()) return std::nullopt;
  // Another FROM may make something else of it.
  for (const Stage& stage : from.document().stages()) {
    const auto other = stage.from().image_word();
    if (!other || other->text() == written) continue;
    const std::vector<std::string> variables = other->value().variables;
    if (std::ranges::find(variables, name) != variables.end()) return std::nullopt;
  }
  const bool fits = whole.size() >= before.size() + after.size() && whole.starts_with(before) &&
                    whole.ends_with(after);
  if (!fits) return std::nullopt;
  return replace(*value, whole.substr(before.size(), whole.size() - before.size() - after.size()));
}

}  // namespace

std::optional<Edit> set_image(const ImageUse& use, std::string_view image) {
  if (!use.image.digest.empty()) return std::nullopt;
  if (use.by == ImageUse::By::from) return rename(From(*use.instruction), std::string(image));
  // Behind quotes or a continuation the name has no place of its own.
  if (use.instruction && use.instruction->document().text(use.span) != use.name)
    return std::nullopt;
  return replace(use.span, std::string(image));
}

std::optional<Edit> set_tag(const ImageUse& use, std::string_view tag) {
  // `debian:` and `debian@` are no names yet.
  if (use.name.ends_with(':') || use.name.ends_with('@')) return std::nullopt;
  const std::size_t tag_size = use.image.tag.empty() ? 0 : use.image.tag.size() + 1;
  return set_image(use, use.name.substr(0, use.name.size() - tag_size) + ":" + std::string(tag));
}

Edit insert_before(const Instruction& instruction, const std::vector<std::string>& lines) {
  const std::string_view text = instruction.document().text();
  std::uint32_t at = line_begin(text, instruction.begin());
  const auto& comments = instruction.document().comments();
  for (auto comment = comments.rbegin(); comment != comments.rend(); ++comment) {
    if (comment->end > at) continue;
    if (comment->begin < top_line(text)) break;
    // Right above means: nothing but its line end lies between the comment and `at`.
    if (line_end(text, comment->end).first != at) break;
    at = line_begin(text, comment->begin);
  }
  return edit(at, at, indented(instruction, lines));
}

Edit insert_right_before(const Instruction& instruction, const std::vector<std::string>& lines) {
  const std::uint32_t at = line_begin(instruction.document().text(), instruction.begin());
  return edit(at, at, indented(instruction, lines));
}

namespace {

// The escape character, with the blanks in front of it, at the end of an instruction that nothing goes on with
// but comments and empty lines; none where there is none.
std::optional<Span> dangling_escape(const Instruction& instruction) {
  const Document& document = instruction.document();
  const std::string_view text = document.text();
  const std::uint32_t end = instruction.span().end;
  std::optional<Span> found;
  for (std::uint32_t at = instruction.begin(); at < end; at = line_end(text, at).first) {
    const std::string_view line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
    const std::string_view content = trimmed(line);
    const bool is_first = at == instruction.begin();
    if (!is_first && (content.empty() || content.starts_with('#'))) continue;
    // A doubled one is text.
    const std::string_view kept = content.substr(0, content.size() - 1);
    if (!content.ends_with(document.escape()) || kept.ends_with(document.escape()))
      return std::nullopt;
    if (trimmed(kept).empty()) continue;  // the line of an escape character alone ends nothing
    const auto behind = [&](std::string_view part) {
      return static_cast<std::uint32_t>(part.data() + part.size() - text.data());
    };
    found = Span{behind(trimmed(kept)), behind(content)};
  }
  return found;
}

}  // namespace

Edit insert_after(const Instruction& instruction, const std::vector<std::string>& lines) {
  const Document& document = instruction.document();
  const auto [at, ended] = line_end(document.text(), instruction.span().end);
  // It would go on with the new lines.
  const Span escape = dangling_escape(instruction).value_or(Span{at, at});
  std::string inserted(document.text({escape.end, at}));
  for (const std::string& line : lines) {
    const std::string added = styled(line, instruction.keyword().text());
    inserted +=
        ended ? added + std::string(document.line_end()) : std::string(document.line_end()) + added;
  }
  return edit(escape.begin, at, std::move(inserted));
}

Edit remove(const Instruction& instruction) {
  const Document& document = instruction.document();
  const std::string_view text = document.text();
  const std::uint32_t begin = line_begin(text, instruction.begin());
  const std::uint32_t end = line_end(text, instruction.span().end).first;
  // Directives stand on top, with nothing but directives above them.
  const auto& directives = document.directives();
  const std::uint32_t top =
      directives.empty() ? top_line(text) : line_end(text, directives.back().span.end).first;
  const bool is_first = begin == top;
  const bool is_followed = trimmed(text.substr(end, 64)).starts_with('#');
  return edit(begin, end, is_first && is_followed ? std::string(document.line_end()) : "");
}

Edit remove(const Pair& pair) {
  return remove(std::vector{pair}).front();
}

std::vector<Edit> remove(const std::vector<Pair>& pairs) {
  if (pairs.empty()) return {};
  const Instruction instruction = pairs.front().name().instruction();
  const std::vector<Span> row = spans_of(instruction.pairs());
  if (pairs.size() == row.size()) return {remove(instruction)};
  std::vector<Edit> edits;
  auto gone = pairs.begin();
  for (std::size_t i = 0; i < row.size() && gone != pairs.end(); ++i) {
    if (row[i] != gone->span()) continue;
    const std::size_t first = i;
    while (i < row.size() && gone != pairs.end() && row[i] == gone->span()) ++i, ++gone;
    edits.push_back(
        remove_from_row(instruction.document().text(), row, first, i - 1, instruction.begin()));
  }
  return edits;
}

Edit remove_word(const Instruction& instruction, const Word& word) {
  const std::vector<Span> row = spans_of(instruction.words());
  if (row.size() == 1) return remove(instruction);
  const auto at = static_cast<std::size_t>(std::ranges::find(row, word.span()) - row.begin());
  return remove_from_row(instruction.document().text(), row, at, at, instruction.begin());
}

Edit remove(const Instruction& instruction, const Flag& flag) {
  std::uint32_t before = instruction.keyword().span().end;
  for (const Flag& other : instruction.flags()) {
    if (other.span().end <= flag.span().begin) before = other.span().end;
  }
  return edit(before, flag.span().end, "");
}

Edit add_flag(const Instruction& instruction, std::string_view flag) {
  std::uint32_t at = instruction.keyword().span().end;
  for (const Flag& other : instruction.flags()) at = std::max(at, other.span().end);
  return edit(at, at, " " + std::string(flag));
}

bool require_syntax(const Document& document, unsigned minor, std::vector<Edit>& edits) {
  const std::string_view text = document.text();
  if (std::ranges::count(document.directives(), "syntax", &Document::Directive::name) > 0) {
    const auto use = frontend_of(document);
    if (!use) return false;
    const auto& [registry, repository, tag, digest] = use->image;
    const bool is_upstream = repository == "docker/dockerfile-upstream";
    if (repository != "docker/dockerfile" && !is_upstream) return false;
    // The bytes of a digest may be those of any version.
    if (minor_of(tag).value_or(digest.empty() ? minor : 0) >= minor) return true;
    if (is_upstream) return false;  // its tags are others
    const auto newest = set_tag(*use, tag.ends_with("-labs") ? "1-labs" : "1");
    if (newest) edits.push_back(*newest);
    return newest.has_value();
  }
  const std::uint32_t at = top_line(text);
  edits.push_back(edit(at, at, "# syntax=docker/dockerfile:1" + std::string(document.line_end())));
  return true;
}

Edit create_file(std::string path, std::string text) {
  return {{Span{}, std::move(text)}, std::move(path)};
}

}  // namespace bulkhead
