#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "analysis/finding.h"
#include "analysis/text/snapshot.h"

namespace bulkhead {

class SharedViews;

// The comments of a file that silence findings: our own
//   # bulkhead: ignore=rule[,rule] reason        the instruction or entry below
//   # bulkhead: ignore-file=rule[,rule] reason   the whole file
// and those that already stand in people's files for other tools. They silence the rules that stand for one of
// that tool's, where the tool itself would be silent:
//   # hadolint ignore=DL3020                     the instruction below
//   # hadolint global ignore=DL3020              the whole file
//   # check=skip=JSONArgsRecommended;error=true  the whole file, as a directive at its top (BuildKit)
//   # trivy:ignore:DS-0005[:exp:2027-01-31]      the instruction below, until that day
//   # checkov:skip=CKV_DOCKER_4:reason           the whole file
//   # kics-scan ignore-line                      the instruction below
//   # kics-scan ignore-block                     the same; above FROM the whole stage
//   # kics-scan ignore, disable=<id>, enable=<id>   the whole file, above its first instruction or entry
//   # tally ignore=rule                          the instruction below
//   # tally global ignore=rule                   the whole file
//   # nosemgrep[: rule]                          the instruction below
class Suppressions {
 public:
  // Without `today` nothing has expired. `views` are those of `snapshot`.
  Suppressions(const Snapshot& snapshot, std::optional<std::chrono::year_month_day> today,
               SharedViews& views);
  bool covers(const Finding& finding) const;

 private:
  class Reader;
  struct Places {
    bool whole_file = false;
    std::vector<Span> spans;  // in which a finding begins
  };
  std::map<const Rule*, Places> by_rule_;  // null: of every rule
};

}  // namespace bulkhead
