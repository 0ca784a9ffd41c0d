#include "analysis/rules/heredoc_faults.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

struct Candidate {
  std::size_t begin = 0;  // of << in the joined text
  std::size_t end = 0;
  std::string delimiter;
};

// All that may be the name of a heredoc: the word behind each <<, without quotes.
std::vector<Candidate> candidates(std::string_view text) {
  std::vector<Candidate> found;
  for (std::size_t at = text.find("<<"); at != std::string_view::npos; at = text.find("<<", at)) {
    Candidate candidate{.begin = at, .end = at + 2, .delimiter = {}};
    std::size_t& end = candidate.end;
    if (end < text.size() && text[end] == '-') ++end;
    while (end < text.size() && is_blank(text[end])) ++end;
    char quote = '\0';
    for (; end < text.size(); ++end) {
      const char c = text[end];
      if (!quote && (is_blank(c) || c == '<')) break;
      if (quote ? c == quote : c == '"' || c == '\'') {
        quote = quote ? '\0' : c;
      } else if (c == '\\' && !quote && end + 1 < text.size()) {
        candidate.delimiter += text[++end];
      } else {
        candidate.delimiter += c;
      }
    }
    if (!candidate.delimiter.empty()) found.push_back(candidate);
    at = std::max(candidate.end, at + 2);
  }
  return found;
}

// The first line behind the instruction that is `delimiter`, blanks at its ends left aside unless
// `exact`.
std::optional<Span> find_line(const Instruction& instruction, std::string_view delimiter,
                              bool exact) {
  const std::string_view text = instruction.document().text();
  for (auto at = instruction.span().end; at < text.size();) {
    const auto feed = static_cast<std::uint32_t>(std::min(text.find('\n', at), text.size()));
    std::string_view line = text.substr(at, feed - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if ((exact ? line : trimmed(line)) == delimiter)
      return Span{at, at + static_cast<std::uint32_t>(line.size())};
    at = feed + 1;
  }
  return std::nullopt;
}

std::optional<UnclosedHeredoc> check(const Instruction& instruction) {
  const InstructionData& data = instruction.data();
  const std::string_view joined = data.joined.text;
  const auto names = candidates(joined);
  if (names.empty()) return std::nullopt;
  // Whether the builder sees heredocs here, its reader tells: given lines that close all of them.
  std::string closed(joined);
  const auto escape = instruction.document().escape();
  if (escape == '`') closed.insert(0, "# escape=`\n");
  for (const Candidate& name : names) closed += "\n" + name.delimiter;
  const auto probe = Document::create(std::move(closed));
  if (probe->instructions().empty()) return std::nullopt;
  const auto& heredocs = (*probe->instructions().begin()).data().heredocs;
  const auto* read = &heredocs;
  // Behind ONBUILD the trigger has them.
  if (heredocs.empty() && probe->instructions().size() > 1)
    read = &probe->instructions()[1].data().heredocs;
  for (const HeredocData& heredoc : *read) {
    const auto name = std::ranges::find(names, heredoc.delimiter, &Candidate::delimiter);
    if (name == names.end()) continue;
    UnclosedHeredoc fault{instruction, heredoc.delimiter, {}, {}, {}};
    const auto begin = static_cast<std::uint32_t>(name->begin);
    fault.marker = instruction.at(data.joined.source(begin, static_cast<std::uint32_t>(name->end)));
    // Of several the first may be closed.
    if (read->size() > 1 && find_line(instruction, heredoc.delimiter, true)) continue;
    fault.near_miss = find_line(instruction, heredoc.delimiter, false);
    const std::string_view before = joined.substr(0, name->begin);
    const auto opened = before.rfind("((");
    if (opened != std::string_view::npos && before.find("))", opened) == std::string_view::npos) {
      const auto first = static_cast<std::uint32_t>(before.find_last_not_of(" \t") + 1);
      const std::size_t operand = joined.find_first_not_of(" \t", name->begin + 2);
      fault.arithmetic = instruction.at(
          data.joined.source(first, static_cast<std::uint32_t>(std::min(operand, joined.size()))));
    }
    return fault;
  }
  return std::nullopt;
}

}  // namespace

UnclosedHeredocs::UnclosedHeredocs(const Document& document) {
  for (const Instruction& instruction : document.instructions()) {
    const Keyword kind = instruction.kind();
    if (kind != Keyword::run && kind != Keyword::copy && kind != Keyword::add) continue;
    const InstructionData& data = instruction.data();
    const bool closed = std::ranges::any_of(
        data.heredocs, [](const HeredocData& heredoc) { return !heredoc.whole.empty(); });
    if (data.json || closed || data.heredoc_marks == 0) continue;
    first = check(instruction);
    if (first) return;
  }
}

}  // namespace bulkhead::rules
