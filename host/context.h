#pragma once

// What the world around a Dockerfile tells: today's date and what lies in the build context.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/compose/compose.h"
#include "analysis/context.h"

namespace bulkhead::host {

// Where a scan stops. A scan that did says so in BuildContext::truncated.
struct ScanLimits {
  std::size_t entries = 20'000;
  std::size_t depth = 24;  // folders below the context's root
};

// The date where this process runs.
std::chrono::year_month_day today();

// Lists `folder` as the context of the Dockerfile that is called `dockerfile_name` ("Dockerfile",
// "api.Dockerfile"; without a folder) and reads its ignore file: `<dockerfile_name>.dockerignore`,
// else
// `.dockerignore`. Follows no symbolic link. Of `.git` and `node_modules`, which are large and
// alike everywhere, only the folder itself is listed, and that does not count as truncated; what
// cannot be read is left out and does. Takes up to some ten milliseconds; safe to call from any
// thread. Nothing when `folder` is not a folder, or it or its ignore file cannot be read.
std::optional<BuildContext> scan_context(const std::filesystem::path& folder,
                                         std::string_view dockerfile_name, ScanLimits limits = {});

// What surrounds many files. Files that follow one another in a folder share its listing, and each
// compose file is read once. Safe to use from any thread.
class ContextScanner {
 public:
  // For a Dockerfile: the build context, which is the folder it stands in as for `docker build FOLDER`,
  // and the services that build it, by the compose files in its folder and those above it, up to the
  // root of the repository. For a compose file: the Dockerfiles that its services build. The file
  // itself need not exist. "Today" is left open.
  Context scan(const std::filesystem::path& file);

 private:
  using ComposeFiles =
      std::vector<std::pair<std::filesystem::path, std::shared_ptr<const ComposeFile>>>;

  std::optional<BuildContext> build_context(const std::filesystem::path& dockerfile);
  std::shared_ptr<const ComposeFiles> compose_files(const std::filesystem::path& folder);
  std::vector<BuildingService> services_around(const std::filesystem::path& dockerfile);

  using Listing = std::shared_ptr<const std::optional<BuildContext>>;

  std::mutex mutex_;
  std::filesystem::path folder_;
  Listing listing_;  // of folder_
  std::map<std::filesystem::path, std::shared_ptr<const ComposeFiles>> compose_files_;  // by folder
};

}  // namespace bulkhead::host
