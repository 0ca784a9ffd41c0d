#pragma once

#include <compare>
#include <set>

#include "analysis/finding.h"
#include "analysis/text/snapshot.h"

namespace bulkhead {

// The comments of a file that silence findings: our own
//   # bulkhead: ignore=rule[,rule] reason        the instruction or entry below
//   # bulkhead: ignore-file=rule[,rule] reason   the whole file
// and those that already stand in people's files for the tools whose rules ours are aliases of:
//   # hadolint ignore=DL3020                     the instruction below
//   # hadolint global ignore=DL3020              the whole file
//   # check=skip=JSONArgsRecommended;error=true  the whole file (BuildKit)
//   # trivy:ignore:DS-0005                       the instruction below
//   # checkov:skip=CKV_DOCKER_4:reason           the whole file
//   # kics-scan ignore-line                      the instruction below, every rule
//   # kics-scan disable=<id>                     the whole file
//   # tally ignore=rule                          the instruction below
//   # tally global ignore=rule                   the whole file
class Suppressions {
 public:
  explicit Suppressions(const Snapshot& snapshot);
  bool covers(const Finding& finding) const;

 private:
  struct Entry {
    const Rule* rule = nullptr;  // none: every rule
    bool whole_file = false;
    Span subject;  // else, where it holds
    auto operator<=>(const Entry&) const = default;
  };
  std::set<Entry> entries_;
};

}  // namespace bulkhead
