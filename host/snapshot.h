#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "analysis/model/document.h"

namespace bulkhead::host {

// Reads `text` as what a file of this name, without its folder, holds: a compose file, an
// ignore file, else a Dockerfile. Never fails.
std::shared_ptr<const Snapshot> read_snapshot(std::string_view file_name, std::string text);
// The same for whoever reads many.
std::shared_ptr<const Snapshot> read_snapshot(std::string_view file_name, std::string text,
                                              KnownScripts* known);

}  // namespace bulkhead::host
