#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/model/effects.h"

namespace bulkhead::rules {

// For each of the commands of a RUN whether the build goes on if it fails: it is behind `||`, in a branch,
// or what follows it by `&&` ends in `|| true`.
std::vector<bool> forgiven(const shell::Script& script);

// The same for the commands of effects, asked in order.
class Forgiven {
 public:
  explicit Forgiven(const Document& document) : document_(document) {}
  bool operator()(const Effect& effect);  // false for what no command does

 private:
  const Document& document_;
  std::optional<std::uint32_t> instruction_;  // that was asked for last
  std::vector<bool> commands_;
};

// The command that makes an effect, which has one.
Command command_of(const Document& document, const Effect& effect);

}  // namespace bulkhead::rules
