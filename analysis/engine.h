#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/context.h"
#include "analysis/finding.h"
#include "analysis/text/snapshot.h"

namespace bulkhead {

struct Rule;

// All rules, sorted by id.
std::span<const Rule* const> all_rules();

// The rule with this id, or null.
const Rule* find_rule(std::string_view id);

// The rules that `name` means: an id, or an alias with its tool ("hadolint:DL3020") or without; without,
// those of `tool` alone, if one is given. Aliases are compared without regard to case.
std::vector<const Rule*> rules_named(std::string_view name, std::string_view tool = {});

// Where the documentation of a rule stands.
std::string documentation_url(const Rule& rule);

struct Config {
  // The rules that run; none means those that are enabled by default.
  std::optional<std::vector<const Rule*>> select;
  std::vector<const Rule*> ignore;
};

struct Analysis {
  std::vector<Finding>
      findings;  // in the order of the text, then by rule id; suppressed ones left out
  std::vector<const Rule*> broken;    // rules that threw: their findings are left out
  std::vector<const Rule*> left_out;  // rules that there was no time for
};

// Asked in front of each rule: whether it is too late for it, and for those behind it.
using OutOfTime = std::function<bool()>;

// The same text, config and context always give the same answer, if there is time for it.
Analysis analyse(const Snapshot& snapshot, const Config& config, const Context& context,
                 const OutOfTime& out_of_time = {});

// The edit that silences `finding` by a comment above its instruction or entry, for this rule alone.
Edit suppress(const Snapshot& snapshot, const Finding& finding);

// The text after all safe fixes (and the unsafe ones, if asked), in rounds until nothing
// changes; of fixes that conflict the first one in the text wins a round.
struct Fixed {
  std::string text;
  std::vector<Edit> created;  // files to create, whole
  std::size_t fixes = 0;      // how many were made
};
Fixed fix_all(const Snapshot& snapshot, const Config& config, const Context& context, Safety most,
              const OutOfTime& out_of_time = {});

}  // namespace bulkhead
