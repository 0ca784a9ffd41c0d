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

// What first_available() and maker() tell of one name, worked out once for all of them.
class AccountOrigins {
 public:
  explicit AccountOrigins(const Stage& stage);

  // 0 as well where more names have been asked for than a Dockerfile has.
  std::optional<std::uint32_t> first_available(const std::string& name);
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
  std::unordered_map<std::string, std::optional<std::uint32_t>> known_;  // what was asked for
};

}  // namespace bulkhead
