#include <cstddef>
#include <string>
#include <utility>

#include "analysis/facts/secret_patterns.h"
#include "analysis/rule.h"

namespace bulkhead {

namespace {

// What may be shown of `text`. Whatever a rule quotes, no secret gets out of here, for messages end up in logs;
// and a word of a megabyte is not read by anybody.
std::string shown(std::string text) {
  constexpr std::size_t most = 1000;  // bytes
  text = facts::without_secrets(std::move(text));
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

FindingBuilder Report::at(Span place, std::string message) {
  findings_.push_back({.rule = &rule_,
                       .severity = rule_.severity,
                       .span = place,
                       .message = shown(std::move(message))});
  return FindingBuilder(findings_.back());
}

FindingBuilder& FindingBuilder::severity(Severity severity) {
  finding_.severity = severity;
  return *this;
}

FindingBuilder& FindingBuilder::tag(Tag tag) {
  finding_.tags.push_back(tag);
  return *this;
}

FindingBuilder& FindingBuilder::related(Span span, std::string message) {
  finding_.related.push_back({span, shown(std::move(message))});
  return *this;
}

FindingBuilder& FindingBuilder::origins(const Instruction& instruction,
                                        const std::vector<std::string>& variables,
                                        const std::string& message) {
  for (const std::string& variable : variables) {
    if (const auto definition = instruction.definition(variable)) related(*definition, message);
  }
  return *this;
}

FindingBuilder& FindingBuilder::fix(Safety safety, std::string title, std::vector<Edit> edits) {
  if (!edits.empty()) {
    finding_.fixes.push_back({shown(std::move(title)), safety, std::move(edits)});
  }
  return *this;
}

FindingBuilder& FindingBuilder::fix(Safety safety, std::string title, Edit edit) {
  return fix(safety, std::move(title), std::vector{std::move(edit)});
}

}  // namespace bulkhead
