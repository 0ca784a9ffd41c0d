#pragma once

// What holds for the findings in any file.

#include <chrono>

#include "analysis/engine.h"
#include "analysis/rule.h"
#include "tests/fuzz/require.h"

namespace bulkhead::fuzz {

inline Config all() {
  return {.select = std::vector<const Rule*>(all_rules().begin(), all_rules().end())};
}

inline Context world() {
  return {.today = std::chrono::year(2026) / 11 / 23,
          .build = BuildContext{.entries = {{".env", 9}, {"app", 0, true}, {"app/key.pem", 9}}}};
}

inline std::string to_text(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    out += std::string(finding.rule->id) + " " + std::to_string(finding.span.begin) + " " +
           std::to_string(finding.span.end) + " " + finding.message + "\n";
  }
  return out;
}

// All rules have looked at it, what they found lies in it, and they find it again.
inline std::vector<Finding> findings_in(const Snapshot& snapshot) {
  const Analysis analysis = analyse(snapshot, all(), world());
  for (const Rule* rule : analysis.broken) require(false, "no rule throws", std::string(rule->id));
  const auto lies_inside = [&](Span span) {
    return span.begin <= span.end && span.end <= snapshot.text().size();
  };
  for (const Finding& finding : analysis.findings) {
    require(lies_inside(finding.span), "a finding lies in the text", std::string(finding.rule->id));
    require(!finding.message.empty(), "a finding says something", std::string(finding.rule->id));
    for (const Related& related : finding.related) {
      require(lies_inside(related.span), "what it refers to does, too",
              std::string(finding.rule->id));
    }
  }
  require(to_text(analyse(snapshot, all(), world()).findings) == to_text(analysis.findings),
          "the same is found again", to_text(analysis.findings));
  return analysis.findings;
}

}  // namespace bulkhead::fuzz
