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

// The accounts that an instruction brings, or may bring. No places are told.
struct BroughtAccounts {
  explicit BroughtAccounts(const Instruction& instruction);
  explicit operator bool() const { return any || !made.empty() || !packages.empty(); }

  bool any = false;  // it may bring any there is
  // By name: the index of the command.
  std::vector<std::pair<std::string, std::uint32_t>> made;
  // What it installs, in lower case; nothing where it may bring any.
  std::vector<std::string> packages;
};

class AccountOrigins {
 public:
  explicit AccountOrigins(const Stage& stage);
  // `brought(stage)` gives what instructions of a stage of the lineage bring, by their indices, in order.
  template <class Brought>
  AccountOrigins(const Stage& stage, Brought brought)
      : AccountOrigins(stage.document(), base_of(stage)) {
    const auto lineage = stage.lineage();
    for (auto at = lineage.rbegin(); at != lineage.rend(); ++at) {
      for (const auto& [instruction, accounts] : brought(*at)) add(instruction, accounts);
    }
  }

  // The index of the first instruction of the lineage behind which there may be an account of that name
  // (no number): one that makes it, or one that cannot be looked into. 0 where the base image may bring
  // it, and where more names have been asked for than a Dockerfile has; none where nothing does.
  std::optional<std::uint32_t> first_available(const std::string& name) const;
  std::optional<Command> maker(const std::string& name) const;

 private:
  struct Maker {
    std::uint32_t instruction;
    std::uint32_t command;
  };

  AccountOrigins(const Document& document, std::optional<Base> base)
      : document_(document), base_(std::move(base)) {}
  void add(std::uint32_t instruction, const BroughtAccounts& brought);
  std::optional<std::uint32_t> bringing_package(const std::string& name) const;

  const Document& document_;
  std::optional<Base> base_;
  std::unordered_map<std::string, Maker> makers_;  // the first of each name
  // From here on there may be any account; what follows is only read for its makers.
  std::optional<std::uint32_t> open_;
  // The packages that are installed before that: a line each, and where lines begin. The names up to a version or
  // the like, too.
  std::string packages_;
  std::vector<std::pair<std::size_t, std::uint32_t>> lines_;  // in packages_, and the instruction
  std::unordered_map<std::string, std::uint32_t> stems_;
  // What was asked for.
  mutable std::unordered_map<std::string, std::optional<std::uint32_t>> known_;
};

}  // namespace bulkhead
