#pragma once

// What the commands that keep accounts do: those of shadow (useradd, groupadd, ...; on Red Hat adduser as
// well), adduser and addgroup of Debian and of busybox, and their opposites.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

struct AccountChange {
  enum class Kind : std::uint8_t {
    makes_user,
    makes_group,
    joins_group,    // the user `name` becomes a member of `group`
    changes_user,   // an account that is there
    changes_group,  // the same
    sets_password,
    clears_password,  // everyone may log in as `name` without one
    locks_password,
    unlocks_password,
    removes_user,
    removes_group,
  };
  Kind kind = Kind::makes_user;
  Argument name;  // none where it is not known
  // The argument that names it, or the byte of its line in the text of an account file.
  std::size_t at = 0;

  // As far as the command says them.
  std::optional<std::uint32_t> uid = {};
  std::optional<std::uint32_t> gid = {};  // of a group that is made
  Argument group = {};                    // the main group: a name or a number
  std::vector<std::string> groups = {};   // the further ones
  Argument home = {};
  Argument shell = {};
  bool system = false;
  bool implied = false;  // a group that comes with its user

  bool operator==(const AccountChange&) const = default;
};

// What `program` does, given the words behind its name, in the order in which it does it; nothing for a
// program that keeps no accounts.
std::vector<AccountChange> account_changes(std::string_view program,
                                           std::span<const Argument> arguments);

// What it means to add `text`, whole lines, to the file `path`: /etc/passwd, /etc/group or /etc/shadow,
// also below another root. Nothing for other files.
std::vector<AccountChange> account_lines(std::string_view path, std::string_view text);

// What chpasswd does with `text` as its input: NAME:PASSWORD lines.
std::vector<AccountChange> password_lines(std::string_view text);

}  // namespace bulkhead::shell
