#include "analysis/rules/arguments.h"

#include <algorithm>
#include <array>

#include "analysis/text/spaces.h"

namespace bulkhead::rules {

Severity fault_severity(const Instruction& instruction) {
  return instruction.is_trigger() ? Severity::warning : Severity::error;
}

std::string_view arguments(const Instruction& instruction) {
  const InstructionData& data = instruction.data();
  std::string_view text = without_spaces(std::string_view(data.joined.text).substr(data.body));
  // A lone `--` ends the flags.
  if (text.starts_with("--") && (text.size() == 2 || space_size(text.substr(2)) > 0))
    text = without_spaces(text.substr(2));
  return text;
}

Span place_of(const Instruction& instruction, std::string_view part) {
  const JoinedText& joined = instruction.data().joined;
  const auto begin = static_cast<std::uint32_t>(part.data() - joined.text.data());
  return instruction.at(joined.source(begin, begin + static_cast<std::uint32_t>(part.size())));
}

std::vector<std::string_view> quoted_words(std::string_view text, char escape) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while (true) {
    while (const std::size_t size = space_size(text.substr(at))) at += size;
    if (at >= text.size()) return words;
    const std::size_t begin = at;
    char quote = '\0';
    while (at < text.size() && (quote || space_size(text.substr(at)) == 0)) {
      const char c = text[at];
      if (c == escape && quote != '\'') {
        at += at + 1 < text.size() ? 2 : 1;
        continue;
      }
      if (quote) {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      }
      ++at;
    }
    words.push_back(text.substr(begin, at - begin));
  }
}

std::optional<std::string_view> comment_in(const Instruction& instruction, std::size_t least) {
  if (instruction.is_json()) return std::nullopt;
  const std::string_view text = arguments(instruction);
  const auto words = quoted_words(text, instruction.document().escape());
  for (std::size_t i = least; i < words.size(); ++i) {
    if (words[i].starts_with('#'))
      return text.substr(static_cast<std::size_t>(words[i].data() - text.data()));
  }
  return std::nullopt;
}

bool has_template_mark(std::string_view text) {
  constexpr std::array<std::string_view, 6> marks = {"{{", "{%", "<%",
                                                     "@@", "%%", "${templateOption:"};
  return std::ranges::any_of(
      marks, [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

TemplateMarks::TemplateMarks(const Document& document) {
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.kind() != Keyword::unknown) continue;
    const std::string_view keyword = instruction.keyword().text();
    found = found || has_template_mark(keyword.substr(0, 2));
  }
}

}  // namespace bulkhead::rules
