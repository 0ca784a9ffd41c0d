#pragma once

// The paths that the process of a stage writes while it runs: those of VOLUME, and those that its server is
// known to write. Whom they belong to.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/finding.h"
#include "analysis/model/document.h"

namespace bulkhead {

struct RuntimePath {
  enum class Access : std::uint8_t {
    root_only,
    others,   // belongs to somebody else than root, or is open to more
    unknown,  // a base image or a program may have made it
  };
  std::string path;  // absolute and normalized
  bool is_folder = true;
  bool exists = false;         // the Dockerfile makes it, or the base image brings it
  std::optional<Word> volume;  // that names it; none: the server writes there
  std::string server;          // that does
  Access access = Access::unknown;
};

// Whether the base image is one that starts as root and brings no folders of applications, so that what the
// Dockerfile does not make is not there.
bool has_plain_base(const Stage& stage);

// Those of the stage and of the ones that it is built on, each once.
std::vector<RuntimePath> runtime_paths(const Stage& stage);

// The commands of a shell that give `paths` to `owner`, as "chown" takes it; they make what is not there.
// Empty for no paths.
std::string give_to(const std::vector<RuntimePath>& paths, const std::string& owner);

// Gives `paths` to the user that `user` sets, right in front of it. None where that step is not root's, or no
// shell can run there.
std::optional<Edit> give_before(const User& user, const std::vector<RuntimePath>& paths);

}  // namespace bulkhead
