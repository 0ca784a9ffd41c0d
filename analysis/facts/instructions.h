#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// What BuildKit takes behind an instruction's keyword: flags, options of mounts, signals,
// platforms.
namespace bulkhead::facts {

// What the value of a flag is.
enum class FlagKind : std::uint8_t {
  boolean,   // may be left out: --link
  checksum,  // sha256:..., or a commit
  choice,    // one of `values`
  device,
  duration,  // 1m30s
  mode,      // 755, u=rwX
  mount,
  number,
  owner,  // app:app
  platform,
  source,  // a stage or an image
  text,
};

struct Flag {
  std::string_view instruction;  // in upper case
  std::string_view name;         // without the dashes
  FlagKind kind;
  std::string_view values;  // of a choice, between commas
  bool repeatable;
};

// The flags of `instruction` (in upper case), sorted by name; none for most instructions.
std::span<const Flag> flags_of(std::string_view instruction);

// What the value of an option of --mount is.
enum class MountOptionKind : std::uint8_t {
  boolean,
  number,
  octal,
  sharing,
  size,
  source,
  text,
  type,
};

struct MountOption {
  std::string_view name;  // in lower case
  MountOptionKind kind;
  std::string_view types;  // the types of mount that take it, between commas; empty: all
  bool bare;               // may stand without a value: ro
};

std::span<const MountOption> mount_options();

// Whether `name` is a signal of Linux: TERM, SIGTERM, sigrtmin+3, or a number other than 0.
bool is_signal(std::string_view name);

// The names of all signals, with SIG.
struct Signal {
  std::string_view name;
  int number;
};
std::span<const Signal> signals();

// Whether `name` is an operating system or an architecture, without regard to case: what may stand
// alone as a platform.
bool is_platform_part(std::string_view name);

}  // namespace bulkhead::facts
