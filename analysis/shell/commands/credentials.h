#pragma once

// Programs that keep what they log in with: `npm config set`, `docker login`, `git config`, ...

#include <optional>
#include <span>
#include <string_view>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

struct KeptCredential {
  std::string_view file;  // that it is kept in, from the home of the user: ".docker/config.json"
  // Whether there is always a secret in it. Otherwise that depends on the arguments: a variable with a
  // secret, a password in an address.
  bool certain = false;
};

// Whether the program is one of these.
bool may_keep_credential(std::string_view program);

// None for a program that keeps nothing, or where it only asks, or forgets.
std::optional<KeptCredential> keeps_credential(std::string_view program,
                                               std::span<const Argument> arguments);

// The file that such a call writes to, be it a credential or not: also by `npm config set registry` and
// `docker logout`. Some calls that only read it count as well.
std::optional<std::string_view> kept_file(std::string_view program,
                                          std::span<const Argument> arguments);

// Whether it makes such a program forget: `docker logout`, `git config --unset`.
bool forgets_credential(std::string_view program, std::span<const Argument> arguments);

}  // namespace bulkhead::shell
