#include <algorithm>

#include "analysis/facts/secret_patterns.h"
#include "analysis/rule.h"

namespace bulkhead {

// Whatever a rule quotes, no secret gets out of here: messages end up in logs.
FindingBuilder Report::at(Span place, std::string message) {
  findings_.push_back({.rule = &rule_,
                       .severity = rule_.severity,
                       .span = place,
                       .message = facts::without_secrets(std::move(message))});
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
  finding_.related.push_back({span, facts::without_secrets(std::move(message))});
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
    finding_.fixes.push_back({facts::without_secrets(std::move(title)), safety, std::move(edits)});
  }
  return *this;
}

FindingBuilder& FindingBuilder::fix(Safety safety, std::string title, Edit edit) {
  return fix(safety, std::move(title), std::vector{std::move(edit)});
}

}  // namespace bulkhead
