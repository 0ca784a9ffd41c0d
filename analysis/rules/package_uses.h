#pragma once

// What needs the packages that a stage has installed.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/rules/installed_packages.h"

namespace bulkhead::rules {

// The commands of a document by the words in them that may name a program, a package or a file of one:
// "sshd" of `/usr/sbin/sshd -D` and of `sed -i ... /etc/ssh/sshd_config`, but nothing of ~/.ssh or --ssh.
// Calls of package managers, and what is only printed, name nothing.
class NamedByCommands {
 public:
  explicit NamedByCommands(const Document& document);

  struct Place {
    std::uint32_t instruction = 0;
    std::optional<std::uint32_t> command;  // in its commands(); none where they cannot be read
    std::uint32_t begin = 0;               // of its text in the document
  };
  // In the order of the document.
  std::span<const Place> of(std::string_view word) const;

 private:
  std::unordered_map<std::string, std::vector<Place>> places_;
};

// The edits that take packages of one stage out.
struct Removal {
  std::vector<Edit> edits;
  bool with_commands = false;  // commands go along that only work on the packages' files
};

// None where a later command that has to stay needs one of them. `places` are told in order.
std::optional<Removal> removal_of(const std::vector<RiskyPackages>& places, const Report& report);

// Whether a later command names a program of the packages.
bool is_named_later(const RiskyPackages& found, const Report& report);

}  // namespace bulkhead::rules
