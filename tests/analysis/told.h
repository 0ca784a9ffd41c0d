#pragma once

// Findings as lines, for tests that compare all that one analysis says with all that another one does.

#include <string>
#include <vector>

#include "analysis/finding.h"
#include "analysis/rule.h"

namespace bulkhead {

inline std::string told(const std::vector<Edit>& edits) {
  std::string text;
  for (const Edit& edit : edits) {
    text += " [" + std::to_string(edit.change.span.begin) + "," +
            std::to_string(edit.change.span.end) + ") " + edit.file + " " + edit.change.text;
  }
  return text;
}

inline std::vector<std::string> told(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    std::string line = std::string(finding.rule->id) + " " + std::to_string(finding.span.begin) +
                       "-" + std::to_string(finding.span.end) + " " +
                       std::string(name(finding.severity)) + " " + finding.message;
    for (const auto& [span, message] : finding.related) {
      line +=
          " (" + std::to_string(span.begin) + "-" + std::to_string(span.end) + " " + message + ")";
    }
    for (const Fix& fix : finding.fixes) line += " {" + fix.title + told(fix.edits) + "}";
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace bulkhead
