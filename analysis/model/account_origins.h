#pragma once

// Where the accounts of a stage come from: many names at once.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/model/accounts.h"

namespace bulkhead {

class AccountOrigins {
 public:
  explicit AccountOrigins(const Stage& stage);

  // The index of the first instruction of the lineage behind which there may be an account of that name
  // (no number): one that makes it, or one that cannot be looked into. 0 where the base image may bring
  // it, and where more names have been asked for than a Dockerfile has; none where nothing does.
  std::optional<std::uint32_t> first_available(const std::string& name) const;
  std::optional<Command> maker(const std::string& name) const;

 private:
  void read(const Instruction& instruction);
  void read(const Command& command, std::uint32_t instruction);
  void read_package(std::string_view package, std::uint32_t instruction);
  std::optional<std::uint32_t> bringing_package(const std::string& name) const;

  std::optional<Base> base_;
  std::unordered_map<std::string, Command> makers_;  // the first of each name
  // From here on there may be any account; what follows is only read for its makers.
  std::optional<std::uint32_t> open_;
  // The packages that are installed before that: a line each, in lower case, and where lines begin. The
  // names up to a version or the like, too.
  std::string packages_;
  std::vector<std::pair<std::size_t, std::uint32_t>> lines_;  // in packages_, and the instruction
  std::unordered_map<std::string, std::uint32_t> stems_;
  // What was asked for.
  mutable std::unordered_map<std::string, std::optional<std::uint32_t>> known_;
};

}  // namespace bulkhead
