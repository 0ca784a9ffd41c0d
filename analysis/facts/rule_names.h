#pragma once

#include <string>
#include <string_view>

// How other linters name their rules: each has one name that aliases of ours are written in, and may have more.
namespace bulkhead::facts {

struct RuleName {
  std::string_view tool;   // "trivy"
  std::string_view name;   // in lower case: "no-ssh-port"
  std::string_view means;  // "DS-0004"
};

// The name that `tool`, or any if that is empty, gives its rule today, as aliases have it but for case:
// Trivy's DS-0002 was AVD-DS-0002, and DS002 before that, and has a name in words; KICS has numbers in
// comments; in front of a name of Semgrep there may be a path. `name` itself where it is no other name.
std::string current_rule_name(std::string_view tool, std::string_view name);

}  // namespace bulkhead::facts
