#include "analysis/rules/word_faults.h"

#include <algorithm>
#include <string>

#include "analysis/rules/arguments.h"

namespace bulkhead::rules {
namespace {

std::optional<ExpansionFault> fault_of(std::string_view text, char escape) {
  std::optional<ExpansionFault> fault;
  expand(text, escape, [](std::string_view) { return std::nullopt; }, &fault);
  // Whether a variable is empty that must not be, the build command decides.
  if (fault && fault->kind == ExpansionFault::Kind::required) return std::nullopt;
  return fault;
}

class Finder {
 public:
  Finder(const Instruction& instruction, std::vector<WordFault>& faults)
      : instruction_(instruction), escape_(instruction.document().escape()), faults_(faults) {}

  void run() {
    switch (instruction_.kind()) {
      case Keyword::env:
      case Keyword::label:
      case Keyword::arg:
        pairs();
        break;
      case Keyword::from:
        if (!instruction_.words().empty()) word(instruction_.words()[0]);
        flags({"platform"});
        break;
      case Keyword::add:
      case Keyword::copy:
        flags({"chown", "chmod", instruction_.kind() == Keyword::add ? "checksum" : "from"});
        for (const Word& source_or_destination : instruction_.words()) {
          // The name of a heredoc is not expanded, unless blanks have cut it in two.
          if (!is_marker(source_or_destination)) word(source_or_destination);
        }
        heredocs();
        break;
      case Keyword::expose:
      case Keyword::stopsignal:
      case Keyword::user:
      case Keyword::volume:
      case Keyword::workdir:
        for (const Word& argument : instruction_.words()) word(argument);
        break;
      case Keyword::run:
        mounts();
        break;
      default:
        break;
    }
  }

 private:
  bool is_marker(const Word& word) const {
    return std::ranges::any_of(instruction_.data().heredocs, [&](const HeredocData& heredoc) {
      return instruction_.at(heredoc.marker.span) == word.span();
    });
  }

  void add(Span place, Span word, std::string text, ExpansionFault::Kind kind) {
    faults_.push_back({instruction_, place, word, std::move(text), kind});
  }

  void word(const Word& word) {
    const auto fault = fault_of(word.text(), escape_);
    if (!fault) return;
    const std::size_t size = word.text().size() - fault->offset;
    add(word.part(fault->offset, size), word.span(), std::string(word.text().substr(fault->offset)),
        fault->kind);
  }

  void part(std::string_view text) {
    const auto fault = fault_of(text, escape_);
    if (!fault) return;
    const std::string_view wrong = text.substr(fault->offset);
    add(place_of(instruction_, wrong), place_of(instruction_, text), std::string(wrong),
        fault->kind);
  }

  void pairs() {
    for (const ReadPair& pair : read_pairs(instruction_)) {
      // ARG takes its names as they are.
      if (instruction_.kind() != Keyword::arg) part(pair.name);
      if (pair.value) part(*pair.value);
    }
  }

  void flags(std::initializer_list<std::string_view> names) {
    for (const Flag& flag : instruction_.flags()) {
      const bool expands = std::ranges::find(names, flag.name().text()) != names.end();
      if (const auto value = flag.value(); value && expands) word(*value);
    }
  }

  void mounts() {
    for (const Flag& flag : instruction_.flags()) {
      const auto value = flag.value();
      if (!value || flag.name().text() != "mount") continue;
      for (const MountField& field : parse_mount(value->text()).fields) {
        if (const auto fault = fault_of(field.value, escape_))
          add(flag.span(), flag.span(), field.value.substr(fault->offset), fault->kind);
      }
    }
  }

  // In a body quotes are text, and the escape is a backslash whatever the directive says.
  void heredocs() {
    const std::string_view text = instruction_.document().text();
    for (const HeredocData& heredoc : instruction_.data().heredocs) {
      // With a blank in its marker the builder reads it and then drops it.
      const bool is_word = std::ranges::any_of(instruction_.words(), [&](const Word& word) {
        return instruction_.at(heredoc.marker.span) == word.span();
      });
      if (!heredoc.expands || !is_word) continue;
      const Span body = instruction_.at(heredoc.body);
      std::string plain(text.substr(body.begin, body.size()));
      if (plain.find('$') == std::string::npos) continue;
      std::ranges::replace_if(plain, [](char c) { return c == '"' || c == '\''; }, '_');
      const auto fault = fault_of(plain, '\\');
      if (!fault) continue;
      const auto begin = body.begin + static_cast<std::uint32_t>(fault->offset);
      const auto line_end = std::min(text.find('\n', begin), text.size());
      const auto brace = std::min(text.find('}', begin), line_end - 1) + 1;
      add({begin, static_cast<std::uint32_t>(brace)}, body,
          std::string(text.substr(begin, brace - begin)), fault->kind);
    }
  }

  const Instruction& instruction_;
  char escape_;
  std::vector<WordFault>& faults_;
};

}  // namespace

std::vector<ReadPair> read_pairs(const Instruction& instruction) {
  const std::string_view text = arguments(instruction);
  const auto words = quoted_words(text, instruction.document().escape());
  std::vector<ReadPair> pairs;
  const bool may_be_old = instruction.kind() != Keyword::arg;
  if (may_be_old && !words.empty() && words[0].find('=') == std::string_view::npos) {
    const std::size_t blank = std::min(text.find_first_of(" \t\v\f\r"), text.size());
    ReadPair pair{text.substr(0, blank), std::nullopt, true};
    if (blank < text.size()) pair.value = text.substr(text.find_first_not_of(" \t\v\f\r", blank));
    return {pair};
  }
  for (const std::string_view word : words) {
    const std::size_t equals = word.find('=');
    ReadPair pair{word.substr(0, equals), std::nullopt};
    if (equals != std::string_view::npos) pair.value = word.substr(equals + 1);
    pairs.push_back(pair);
  }
  return pairs;
}

WordFaults::WordFaults(const Instruction& instruction) {
  Finder(instruction, faults).run();
}

}  // namespace bulkhead::rules
