#pragma once

// Which folder is the build context of a Dockerfile: who runs the build says so, we have to work it out.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/context.h"

namespace bulkhead::host {

// The folder that the file at `path`, which is absolute, stands in and those above it that may have to do
// with it: up to the root of its repository; outside of one, what stands far above is somebody else's.
std::vector<std::filesystem::path> folders_around(const std::filesystem::path& path);

// The one of `folders`, the Dockerfile's own first, that is the context, or of `told`, which compose files
// name, if there are any. `named` is what the Dockerfile takes from there, patterns among it. That folder is
// it which has the most of this, where the only ignore file, beside the Dockerfile, counts as one more, and
// at least half; with nothing to go by, the Dockerfile's own if it is the root of something, or one above
// with an ignore file, be that only `open`. None where it cannot be told.
std::optional<std::filesystem::path> context_folder(
    const std::vector<std::filesystem::path>& folders,
    const std::vector<std::filesystem::path>& told, const std::vector<std::string>& named,
    const OpenFiles& open);

}  // namespace bulkhead::host
