#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/directives.h"
#include "analysis/rules/empty_lines.h"
#include "analysis/rules/flag_values.h"
#include "analysis/rules/heredoc_faults.h"
#include "analysis/rules/json_form.h"
#include "analysis/rules/word_faults.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// ---- Lines and directives.

constexpr std::uint32_t longest_line = 65535;

void check_lines(const Document& document, Report& report) {
  const std::string_view text = document.text();
  for (std::uint32_t at = 0; at < text.size();) {
    // All lines that end within so many bytes are no longer.
    const std::size_t last = text.substr(at, longest_line + 1).rfind('\n');
    if (last != text.npos) {
      at += static_cast<std::uint32_t>(last) + 1;
      continue;
    }
    const auto feed = static_cast<std::uint32_t>(std::min(text.find('\n', at), text.size()));
    if (feed - at > longest_line) {
      report.at(Span{at, at + 1},
                fmt::format("This line has {} bytes; BuildKit reads lines of up to {}", feed - at,
                            longest_line));
      return;
    }
    at = feed + 1;
  }
}

// skip=..., error=..., experimental=..., between semicolons; the third takes the rest.
std::optional<std::string> wrong_check_option(std::string_view value) {
  for (int i = 0; i < 3 && !trimmed(value).empty(); ++i) {
    const std::size_t end = i == 2 ? std::string_view::npos : value.find(';');
    const std::string_view option = value.substr(0, end);
    const std::size_t equals = option.find('=');
    const std::string_view key = trimmed(option.substr(0, equals));
    const bool known = key == "skip" || key == "experimental" || key == "error";
    if (equals == std::string_view::npos || !known)
      return fmt::format("check knows skip=, error= and experimental=, not {}", trimmed(option));
    const std::string_view set = trimmed(option.substr(equals + 1));
    if (key == "error" && lower_case(set) != "true" && lower_case(set) != "false" && set != "1" &&
        set != "0")
      return fmt::format("error must be true or false, not {}", set);
    if (end == std::string_view::npos) break;
    value.remove_prefix(end + 1);
  }
  return std::nullopt;
}

void check_directives(const Document& document, Report& report) {
  const auto& lines = report.view<DirectiveLines>(document).read;
  for (auto line = lines.begin(); line != lines.end(); ++line) {
    if (line->name == "escape") continue;  // has a rule of its own
    const auto first = std::ranges::find(lines.begin(), line, line->name, &DirectiveLine::name);
    if (first != line) {
      report.at(line->line, fmt::format("The directive {} may stand here once only", line->name))
          .related(first->line, "the first one");
    } else if (line->name == "check") {
      if (const auto problem = wrong_check_option(line->value))
        report.at(line->value_place, *problem);
    }
  }
}

// ---- Heredocs.

void check_heredocs(const Document& document, Report& report) {
  const auto& fault = report.view<UnclosedHeredocs>(document).first;
  if (!fault) return;
  const std::string_view text = document.text();
  if (fault->is_shift) {
    std::vector<Edit> edits;
    for (const Span blanks : fault->blanks) edits.push_back(replace(blanks, ""));
    report
        .at(fault->marker,
            "The builder takes this << with blanks around it for a heredoc, not for a shift")
        .fix(Safety::safe, "Write it without blanks", std::move(edits));
    return;
  }
  auto finding = report.at(
      fault->marker,
      fmt::format("The heredoc {0} is never closed: no line below is just {0}", fault->delimiter));
  if (!fault->near_miss) return;
  finding.related(*fault->near_miss, "blanks around it keep this line from closing it");
  finding.fix(
      Safety::unsafe, fmt::format("Remove the blanks around {}", fault->delimiter),
      replace(*fault->near_miss, text[fault->near_miss->end - 1] == '\r' ? fault->delimiter + "\r"
                                                                         : fault->delimiter));
}

bool is_heredoc_marker(std::string_view word) {
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  word.remove_prefix(digits);
  if (!word.starts_with("<<")) return false;
  word.remove_prefix(word.starts_with("<<-") ? 3 : 2);
  return !word.empty() && word.find('<') == std::string_view::npos;
}

// ---- ENV, LABEL and ARG.

// LABEL note=so it is: the pair whose value the words behind it belong to, with quotes around.
std::optional<std::string> quoted(const ReadPair& pair, std::string_view last) {
  const char* const end = last.data() + last.size();
  const std::string_view value(pair.value->data(),
                               static_cast<std::size_t>(end - pair.value->data()));
  if (value.find_first_of("\"'\\`$") != std::string_view::npos) return std::nullopt;
  return fmt::format("\"{}\"", value);
}

void check_pairs(const Instruction& instruction, Report& report) {
  const std::string keyword = upper_case(instruction.keyword().text());
  const auto pairs = read_pairs(instruction);
  std::optional<EmptyLines> lines;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const ReadPair& pair = pairs[i];
    const Span name = place_of(instruction, pair.name);
    if (pair.name.empty()) {
      report
          .at(Span{name.begin, name.begin + 1},
              fmt::format("{} lacks a name in front of =", keyword))
          .severity(fault_severity(instruction));
      continue;
    }
    if (pair.value || instruction.kind() == Keyword::arg) continue;
    if (pair.old_form) {
      report.at(name, fmt::format("{} gives {} no value", keyword, pair.name))
          .fix(Safety::unsafe, "Give it an empty value", replace({name.end, name.end}, "="));
      return;
    }
    if (!lines) lines = empty_lines(instruction);
    if (lines->swallowed && lines->swallowed->begin <= name.begin) {
      const std::string_view below =
          instruction.document().text().substr(lines->swallowed->begin, lines->swallowed->size());
      report
          .at(*lines->swallowed,
              fmt::format("{} is part of the {} above: the empty line does not end that one", below,
                          keyword))
          .fix(Safety::unsafe, fmt::format("End {} above", keyword), end_before_swallowed(*lines));
      return;
    }
    // All bare words in a row are one finding.
    std::size_t last = i;
    while (last + 1 < pairs.size() && !pairs[last + 1].value) ++last;
    const Span place{name.begin, place_of(instruction, pairs[last].name).end};
    auto finding = report.at(
        place, fmt::format("{} reads NAME=value here, and {} has no =; a value with blanks "
                           "needs quotes",
                           keyword, pair.name));
    const ReadPair& before = pairs[i - 1];
    const bool one_line =
        instruction.document().text().substr(name.begin, place.size()).find('\n') ==
        std::string_view::npos;
    if (const auto text =
            one_line && before.value ? quoted(before, pairs[last].name) : std::nullopt) {
      const Span value = place_of(instruction, *before.value);
      finding.fix(Safety::unsafe, fmt::format("Quote the value of {}", before.name),
                  replace({value.begin, place.end}, *text));
    }
    i = last;
  }
}

// ---- Arrays, paths.

void check_arrays(const Instruction& instruction, Report& report) {
  std::string_view text = arguments(instruction);
  if (instruction.kind() == Keyword::healthcheck)
    text = trimmed(text.substr(std::min(text.find_first_of(" \t"), text.size())));
  if (!text.starts_with('[') || instruction.is_json() || !is_array_of_others(text)) return;
  const Span place = place_of(instruction, text);
  auto finding = report.at(place, "The members of this array must all be strings");
  if (const auto meant = meant_array(text)) {
    const std::string json = to_json(meant->members);
    finding.fix(Safety::unsafe, fmt::format("Write it as {}", json), replace(place, json));
  }
}

void check_paths(const Instruction& instruction, Report& report) {
  const std::string keyword = upper_case(instruction.keyword().text());
  const auto words = instruction.words();
  if (instruction.kind() == Keyword::volume) {
    for (const Word& path : words) {
      const Value value = path.value();
      if (value.known && trimmed(value.text).empty())
        report.at(path, "VOLUME names an empty path").severity(fault_severity(instruction));
    }
    return;
  }
  if (words.size() < 2) return;
  if (const Word destination = words.back(); is_heredoc_marker(destination.text())) {
    report
        .at(destination,
            fmt::format("{} cannot write to a heredoc: it lacks a destination", keyword))
        .severity(fault_severity(instruction));
    return;
  }
  if (instruction.kind() != Keyword::copy) return;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (!is_url(words[i].value().text)) continue;
    auto finding = report.at(words[i], "COPY fetches nothing from a URL; ADD does");
    finding.severity(fault_severity(instruction));
    if (!instruction.flag("from") && !instruction.flag("parents"))
      finding.fix(Safety::unsafe, "Replace COPY with ADD",
                  replace_keyword(instruction.keyword(), "ADD"));
    return;
  }
}

// ---- Expansions.

void check_expansions(const Instruction& instruction, Report& report) {
  for (const WordFault& fault : report.view<WordFaults>(instruction).faults) {
    const std::string_view written =
        std::string_view(fault.text)
            .substr(0, fault.text.find('}') == std::string::npos ? fault.text.find_first_of(" \t\n")
                                                                 : fault.text.find('}') + 1);
    if (has_template_mark(written)) continue;
    std::string message;
    switch (fault.kind) {
      case ExpansionFault::Kind::open_brace:
        message = fmt::format("{} lacks its closing brace", written);
        break;
      case ExpansionFault::Kind::bad_substitution:
        message = fmt::format("{} names no variable", written);
        break;
      case ExpansionFault::Kind::modifier:
        message =
            fmt::format("The builder cannot expand {}: it knows :- :+ :? - + ? # % and /", written);
        break;
      case ExpansionFault::Kind::pattern:
        message = fmt::format(
            "In the pattern of {} a backslash may stand only before * ? \\ / and }}", written);
        break;
      case ExpansionFault::Kind::open_quote:  // has a rule of its own
      case ExpansionFault::Kind::required:
        continue;
    }
    const auto size = static_cast<std::uint32_t>(written.size());
    const Span place = fault.place.size() >= fault.text.size() && fault.place != fault.word
                           ? Span{fault.place.begin, fault.place.begin + size}
                           : fault.place;
    report.at(place, message).severity(fault_severity(fault.instruction));
  }
}

void check_document(const Document& document, Report& report) {
  check_lines(document, report);
  check_directives(document, report);
  check_heredocs(document, report);
}

void check_instruction(const Instruction& instruction, Report& report) {
  check_expansions(instruction, report);
  switch (instruction.kind()) {
    case Keyword::env:
    case Keyword::label:
    case Keyword::arg:
      check_pairs(instruction, report);
      break;
    case Keyword::add:
    case Keyword::copy:
    case Keyword::volume:
      check_arrays(instruction, report);
      check_paths(instruction, report);
      break;
    case Keyword::cmd:
    case Keyword::entrypoint:
    case Keyword::healthcheck:
    case Keyword::run:
    case Keyword::shell:
      check_arrays(instruction, report);
      break;
    default:
      break;
  }
}

}  // namespace

extern constinit const Rule invalid_syntax{
    .id = "invalid-syntax",
    .title = "Text that the builder cannot read",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:INVALID_SYNTAX", "dockerfile-utils:SYNTAX_MISSING_NAMES",
                "dockerfile-utils:SYNTAX_MISSING_EQUALS", "dockerfile-utils:UNSUPPORTED_MODIFIER",
                "dockerlint:env", "dockerlint:arg", "dockerfilelint:invalid_format", "sonar:S2260",
                "hadolint:DL1000"},
    .why = R"(
All that ends a build while the builder still reads the file, and that has no rule of its own:

- a heredoc that no line closes. The closing line must be the word alone, without blanks (`<<-` allows tabs
  in front of it). In `RUN`, `<<` with blanks around it counts as a heredoc wherever it stands, also in
  `$((1 << 4))`;
- `ENV` or `LABEL` without a value, or with a word that lacks its `=`;
- an array with members that are no strings;
- an expansion such as `${NAME^^}` that a shell knows and the builder does not;
- a URL in `COPY`, an empty path in `VOLUME`, a directive given twice, a line of more than 65,535 bytes.

Where a fix is offered, it does what was most likely meant.
)",
    .bad = R"(
FROM debian:13-slim
LABEL description=A small image
)",
    .good = R"(
FROM debian:13-slim
LABEL description="A small image"
)",
    .references = {"https://docs.docker.com/reference/dockerfile/"},
    .checks = each<check_document, check_instruction>,
};

}  // namespace bulkhead::rules
