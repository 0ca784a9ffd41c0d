#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/images.h"

// The accounts that base images bring; `name` and `tag` as in images.h.
namespace bulkhead::facts {

struct ImageUser {
  std::string_view name;             // empty: a number without an entry in /etc/passwd
  std::optional<std::uint32_t> uid;  // none: not known, or different between tags
  std::optional<std::uint32_t> gid;
  bool is_default;       // the image runs as it
  bool of_distribution;  // every image of the distribution has it (www-data, nobody)
  Evidence evidence;
  std::string_view note;  // for people to read; may be empty
};

// The accounts that are known, those of its distribution first. root is among them, except in
// scratch. Where the tag does not tell the version, the newest is meant.
std::vector<ImageUser> users_of(std::string_view name, std::string_view tag);

// `user` is a name or a number, as in USER; without the group.
std::optional<ImageUser> find_user(std::string_view name, std::string_view tag,
                                   std::string_view user);

// Whether users_of() is thought to hold all accounts, so that a name that is not among them does
// not exist. Still only as good as `known`.
bool knows_all_users(std::string_view name, std::string_view tag);

// The account that was made for this image and is meant to run its program (node in node, nginx in
// nginx), if there is exactly one; never root, and none of the distribution's.
std::optional<ImageUser> own_user(std::string_view name, std::string_view tag);

struct DefaultUser {
  enum class Kind : std::uint8_t {
    unknown,
    root,        // and ContainerAdministrator on Windows
    steps_down,  // starts as root, and the image's own entry point goes on as `runtime_user`
    non_root,
  };
  Kind kind = Kind::unknown;
  std::string_view user;          // name or number; empty when unknown
  std::string_view runtime_user;  // differs from `user` in steps_down only
  Evidence evidence = Evidence::known;
};

// Whom the image runs as when a Dockerfile says no more.
DefaultUser default_user(std::string_view name, std::string_view tag);

// The tag of the same image that runs as an ordinary user, where tags tell the two apart
// (distroless: "latest" -> "nonroot", "debug" -> "debug-nonroot"); none when there is no such tag
// or `tag` is one already.
std::optional<std::string> nonroot_tag(std::string_view name, std::string_view tag);

}  // namespace bulkhead::facts
