#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "analysis/model/document.h"
#include "analysis/model/effects.h"

namespace bulkhead::rules {

// A secret that a RUN has by a mount.
struct MountedSecret {
  std::string id;
  Flag flag;
};

// The secret whose bytes the file gets that effects()[at] writes, as far as the commands tell; none for
// other files.
std::optional<MountedSecret> mounted_secret(const Timeline& timeline, const Document& document,
                                            std::size_t at);

// The mounted secret that stands in a part of the RUN: by its file, or by a variable that holds it.
std::optional<MountedSecret> mounted_secret_in(const Run& run, Span part);

// Whether the RUN writes the value of one of these variables into a file that stays in its layer.
bool keeps_in_file(const Run& run, const std::set<std::string>& variables);

}  // namespace bulkhead::rules
