#pragma once

// File modes, as chmod, install, mkdir, umask and COPY --chmod take them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

// What a mode does to the permission bits of a file. Source: POSIX, chmod, "Extended description"; GNU
// coreutils, "File permissions".
class Mode {
 public:
  // Whether everyone may write afterwards, whatever was before. `+w` leaves that to the umask.
  bool world_writable() const { return (given_ & 0002) != 0; }
  // The same of the group; `g=u` counts, for who owns a file may mostly write it.
  bool group_writable() const { return ((given_ | as_owner_) & 0020) != 0; }
  // Whether the group may not write afterwards, whatever was before.
  bool forbids_group_writing() const { return (taken_ & 0020) != 0; }
  // Whether programs run with the rights of their file's owner or group afterwards.
  bool setuid() const { return (given_ & 04000) != 0; }
  bool setgid() const { return (given_ & 02000) != 0; }
  // Whether users can then not delete one another's files in a folder.
  bool sticky() const { return (given_ & 01000) != 0; }

  // The bits of a file afterwards that had `before`. What depends on more than that (X, a right copied from
  // another one, "+x" under a umask) is left out.
  std::uint16_t applied_to(std::uint16_t before) const {
    return static_cast<std::uint16_t>((before & ~taken_) | given_);
  }

  // The same in the same notation, but without the right to write for group and others where others
  // would have got it. The text as it was for other modes, and for those with the sticky bit, which make
  // that right safe in a folder.
  const std::string& tightened() const { return tightened_; }
  // The same in the same notation, but without the bits of setuid() and setgid(); empty where nothing is
  // left to be set.
  const std::string& without_set_id() const { return without_set_id_; }

 private:
  friend std::optional<Mode> parse_mode(std::string_view);
  friend std::optional<Mode> parse_mask(std::string_view);

  std::uint16_t given_ = 0;     // bits that are set afterwards
  std::uint16_t taken_ = 0;     // bits that are not set afterwards; the rest stays as it was
  std::uint16_t as_owner_ = 0;  // bits that are set if the owner has that right
  std::string tightened_;
  std::string without_set_id_;
};

// "0777", "u+rwx,go=u"; none for what is no mode.
std::optional<Mode> parse_mode(std::string_view text);

// The mode that new files and folders can have at most behind `umask text`: "022", or in symbols what is
// left, "u=rwx,go=rx". Its tightened() is a mask again.
std::optional<Mode> parse_mask(std::string_view text);

// A command that sets modes.
struct ModeChange {
  std::string text;          // the mode as written
  std::size_t argument = 0;  // where it stands, and its first byte in there ("-m755": 2)
  std::size_t offset = 0;
  std::vector<std::size_t> paths;  // arguments that name files; none for umask, and behind xargs
  bool recursive = false;
  bool is_mask = false;  // of umask: for parse_mask()
};

// What `program` does, given the words behind its name: chmod, install -m, mkdir -m, mkfifo -m, mknod -m
// and umask, also behind `find ... -exec` and `xargs`. None where it sets no mode, or one that is not
// known.
std::optional<ModeChange> mode_change(std::string_view program,
                                      std::span<const Argument> arguments);

}  // namespace bulkhead::shell
