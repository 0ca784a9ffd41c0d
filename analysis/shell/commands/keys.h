#pragma once

// Programs that make private keys: ssh-keygen, openssl, keytool, mkcert, ...

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

struct KeyGeneration {
  // The argument with the path of the key; none where no argument says it.
  std::optional<std::size_t> argument = {};
  std::string_view path =
      {};  // where it goes of the program's own accord; empty where that is not known
};

// None for a program that makes no key, or where it does something else: `ssh-keygen -y`, `openssl x509`.
std::optional<KeyGeneration> generates_key(std::string_view program,
                                           std::span<const Argument> arguments);

}  // namespace bulkhead::shell
