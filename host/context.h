#pragma once

// What the world around a Dockerfile tells: today's date and what lies in the build context.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/compose/compose.h"
#include "analysis/context.h"
#include "host/by_folder.h"
#include "host/configuration.h"

namespace bulkhead::host {

// Where a scan stops. A scan that did says so in BuildContext::truncated.
struct ScanLimits {
  std::size_t entries = 20'000;
  std::size_t depth = 24;                  // folders below the context's root
  std::chrono::milliseconds time{10'000};  // a last resort: what it cuts off is a matter of chance
};

// The date where this process runs.
std::chrono::year_month_day today();

// Lists `folder` as the context of the Dockerfile that is called `dockerfile_name` ("Dockerfile",
// "api.Dockerfile"; without a folder) and stands in it, and reads its ignore file:
// `<dockerfile_name>.dockerignore`, else `.dockerignore`. Follows no symbolic link. What lies deep comes last,
// and last of all what git ignores, so that a limit cuts off the least. Of `.git` only the folder itself is
// listed, and so of a `node_modules` of more than what the limits leave; neither counts as truncated. What
// cannot be read is left out and does. Safe to call from any thread. Nothing when `folder` is not a folder, or
// it or its ignore file cannot be read.
std::optional<BuildContext> scan_context(const std::filesystem::path& folder,
                                         std::string_view dockerfile_name, ScanLimits limits = {});

// Files as they stand in an editor, by their absolute paths: they count instead of those on the disk.
using OpenFiles = std::map<std::filesystem::path, std::shared_ptr<const Snapshot>>;

// What surrounds many files, as it was when first asked for. Files of one folder share its listing and its
// compose files. Safe to use from any thread.
class ContextScanner {
 public:
  explicit ContextScanner(Configurations configurations = Configurations())
      : configurations_(std::move(configurations)) {}

  // For a Dockerfile: the build context, as far as it can be told which folder that is, and the services
  // that build it, by the compose files in its folder and those above it, up to the root of the repository;
  // and the other Dockerfiles that are built in that context and have no ignore file of their own. For a
  // compose file: the Dockerfiles that its services build, and the compose files beside it. For an ignore
  // file: the folder, and such Dockerfiles; for that of one Dockerfile: its context. The file itself need not
  // exist; it is not read again where it is known what it holds. "Today" is left open. For all of them: what
  // their project has set for them.
  Context scan(const std::filesystem::path& file, const Snapshot* known = nullptr,
               const OpenFiles& open = {});
  // The last alone.
  Settings settings(const std::filesystem::path& file) { return configurations_.settings(file); }

 private:
  using ComposeFiles =
      std::vector<std::pair<std::filesystem::path, std::shared_ptr<const ComposeFile>>>;

  // A Dockerfile by its path from the folder that it is built in.
  using Dockerfiles =
      std::vector<std::pair<std::filesystem::path, std::shared_ptr<const Document>>>;

  std::optional<BuildContext> list(const std::filesystem::path& folder);
  // Who builds a Dockerfile, what it takes from its context by name, and which folder that is.
  struct Build {
    std::vector<BuildingService> services;
    std::vector<std::string> named;
    std::optional<std::filesystem::path> folder;
  };
  Build build_of(const std::filesystem::path& path, const Document& dockerfile,
                 const OpenFiles& open);
  static std::optional<BuildContext> context_of(std::optional<BuildContext> listing,
                                                const Build& build,
                                                const std::filesystem::path& path,
                                                const OpenFiles& open);
  // The Dockerfiles in and below `folder` that its ignore file is for.
  Dockerfiles dockerfiles_in(const std::filesystem::path& folder, const BuildContext& listing,
                             const OpenFiles& open);
  // The same without that at `path`, from whose folder they are told.
  std::vector<NearbyDockerfile> dockerfiles_around(const std::filesystem::path& path,
                                                   const std::filesystem::path& folder,
                                                   const BuildContext& listing,
                                                   const OpenFiles& open);
  static ComposeFiles read_compose_files(const std::filesystem::path& folder);
  std::shared_ptr<const ComposeFiles> compose_files(const std::filesystem::path& folder);
  // With those that are open.
  std::map<std::filesystem::path, std::shared_ptr<const ComposeFile>> compose_files(
      const std::filesystem::path& folder, const OpenFiles& open);
  // By the compose files in `folders`.
  std::vector<BuildingService> services_building(const std::filesystem::path& dockerfile,
                                                 const std::vector<std::filesystem::path>& folders,
                                                 const OpenFiles& open);

  Context scan_around(const std::filesystem::path& path, const Snapshot* known,
                      const OpenFiles& open);

  Configurations configurations_;
  ByFolder<std::optional<BuildContext>, 8> listings_;
  ByFolder<ComposeFiles, 16> compose_files_;
  ByFolder<Dockerfiles, 8> dockerfiles_;
};

}  // namespace bulkhead::host
