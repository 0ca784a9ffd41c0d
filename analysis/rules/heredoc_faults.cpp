#include "analysis/rules/heredoc_faults.h"

#include <algorithm>
#include <ranges>
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

// The first line behind the instruction that is `delimiter`, or is but for blanks at its ends.
std::optional<Span> find_line(const Instruction& instruction, std::string_view delimiter,
                              bool exact) {
  const std::string_view text = instruction.document().text();
  for (auto at = instruction.span().end; at < text.size();) {
    const auto feed = static_cast<std::uint32_t>(std::min(text.find('\n', at), text.size()));
    std::string_view line = text.substr(at, feed - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (exact ? line == delimiter : line != delimiter && trimmed(line) == delimiter)
      return Span{at, at + static_cast<std::uint32_t>(line.size())};
    at = feed + 1;
  }
  return std::nullopt;
}

// The heredocs that the builder sees here. Its reader tells, given lines that close all of them.
std::vector<HeredocData> heredocs_in(std::string_view joined, char escape) {
  std::string closed(joined);
  if (escape == '`') closed.insert(0, "# escape=`\n");
  for (const Candidate& name : candidates(joined)) closed += "\n" + name.delimiter;
  const auto probe = Document::create(std::move(closed));
  // Behind ONBUILD the trigger has them.
  for (const Instruction& instruction : probe->instructions()) {
    if (!instruction.data().heredocs.empty()) return instruction.data().heredocs;
  }
  return {};
}

// Whether `at` lies in $((...)).
bool is_in_arithmetic(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t opened = before.rfind("((");
  return opened != std::string_view::npos && before.find("))", opened) == std::string_view::npos;
}

// Where blanks make heredocs of shifts: around <<, and in front of a number left of it, which would be that of
// a file. In order; none where such a number has no operator in front of it.
std::vector<Span> blanks_of_shifts(std::string_view text) {
  std::vector<Span> found;
  const auto add = [&](std::size_t begin, std::size_t end) {
    const Span blanks{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    if (begin < end && (found.empty() || found.back() != blanks)) found.push_back(blanks);
  };
  constexpr std::string_view blank = " \t";
  for (std::size_t at = text.find("<<"); at != text.npos; at = text.find("<<", at + 2)) {
    if (!is_in_arithmetic(text, at)) continue;
    const std::size_t operand = text.find_last_not_of(blank, at - 1) + 1;
    const std::size_t number = text.find_last_not_of("0123456789", operand - 1) + 1;
    if (number < operand && is_blank(text[number - 1])) {
      const std::size_t before = text.find_last_not_of(blank, number - 1);
      if (std::string_view("(+-*/%&|^=<>!~?:,").find(text[before]) == std::string_view::npos)
        return {};
      add(before + 1, number);
    }
    add(operand, at);
    add(at + 2, std::min(text.find_first_not_of(blank, at + 2), text.size()));
  }
  return found;
}

bool may_be_unclosed(const Instruction& instruction) {
  const Keyword kind = instruction.kind();
  if (kind != Keyword::run && kind != Keyword::copy && kind != Keyword::add) return false;
  const InstructionData& data = instruction.data();
  return !data.json && data.heredoc_marks > 0 &&
         std::ranges::all_of(data.heredocs,
                             [](const HeredocData& heredoc) { return heredoc.whole.empty(); });
}

}  // namespace

std::optional<HiddenHeredoc> hidden_heredoc(const Instruction& instruction) {
  const InstructionData& data = instruction.data();
  if (data.heredoc_marks == 0 || !data.heredocs.empty()) return std::nullopt;
  const std::string& joined = data.joined.text;
  for (const Candidate& name : candidates(joined)) {
    if (!find_line(instruction, name.delimiter, true) &&
        !find_line(instruction, name.delimiter, false))
      continue;
    const auto begin = static_cast<std::uint32_t>(name.begin);
    const auto end = static_cast<std::uint32_t>(name.end);
    const std::string mended = std::string(joined).insert(begin, " ");
    return HiddenHeredoc{instruction.at(data.joined.source(begin, end)),
                         !heredocs_in(mended, instruction.document().escape()).empty()};
  }
  return std::nullopt;
}

std::optional<UnclosedHeredoc> unclosed_heredoc(const Instruction& instruction) {
  if (!may_be_unclosed(instruction)) return std::nullopt;
  const InstructionData& data = instruction.data();
  const std::string_view joined = data.joined.text;
  const auto names = candidates(joined);
  if (names.empty()) return std::nullopt;
  const char escape = instruction.document().escape();
  const auto heredocs = heredocs_in(joined, escape);
  for (const HeredocData& heredoc : heredocs) {
    const auto name = std::ranges::find(names, heredoc.delimiter, &Candidate::delimiter);
    if (name == names.end()) continue;
    UnclosedHeredoc fault{instruction, heredoc.delimiter, {}, {}};
    const auto begin = static_cast<std::uint32_t>(name->begin);
    fault.marker = instruction.at(data.joined.source(begin, static_cast<std::uint32_t>(name->end)));
    // Of several the first may be closed.
    if (heredocs.size() > 1 && find_line(instruction, heredoc.delimiter, true)) continue;
    fault.near_miss = find_line(instruction, heredoc.delimiter, false);
    fault.is_shift = is_in_arithmetic(joined, name->begin);
    if (!fault.is_shift) return fault;
    const auto blanks = blanks_of_shifts(joined);
    std::string mended(joined);
    for (const Span span : std::views::reverse(blanks)) mended.erase(span.begin, span.size());
    if (heredocs_in(mended, escape).size() < heredocs.size()) {
      for (const Span span : blanks)
        fault.blanks.push_back(instruction.at(data.joined.source(span.begin, span.end)));
    }
    return fault;
  }
  return std::nullopt;
}

UnclosedHeredocs::UnclosedHeredocs(const Document& document, SharedViews& views) {
  for (const Instruction& instruction : views.instructions<may_be_unclosed>(document)) {
    first = unclosed_heredoc(instruction);
    if (first) return;
  }
}

}  // namespace bulkhead::rules
