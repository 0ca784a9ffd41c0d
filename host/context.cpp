#include "host/context.h"

#include <algorithm>
#include <ctime>
#include <deque>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

#include "analysis/model/document.h"
#include "host/discover.h"
#include "host/file.h"
#include "host/yaml.h"

namespace bulkhead::host {
namespace fs = std::filesystem;
namespace {

using IgnoreFile = BuildContext::IgnoreFile;

bool is_listed_only(std::string_view name) {
  return name == ".git" || name == "node_modules";
}

// A path of "Dockerfile" stands in the folder "".
fs::path root_of(const fs::path& folder) {
  return folder.empty() ? fs::path(".") : folder;
}

// All but the ignore file. Folder by folder from the root down, so that what a limit cuts off lies deep.
std::optional<BuildContext> list(const fs::path& root, ScanLimits limits) {
  std::error_code error;
  if (const fs::directory_iterator readable(root_of(root), error); error) return std::nullopt;
  struct Folder {
    fs::path path;
    std::string prefix;  // of the entries' paths
    std::size_t depth;
  };
  BuildContext context;
  for (std::deque<Folder> folders{{root_of(root), "", 0}}; !folders.empty(); folders.pop_front()) {
    const Folder& folder = folders.front();
    fs::directory_iterator entry(folder.path, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      if (context.entries.size() == limits.entries) {
        context.truncated = true;
        folders.resize(1);  // this is the last one
        break;
      }
      const std::string name = entry->path().filename().native();
      std::error_code unknown;  // a file that vanishes meanwhile, or cannot be looked at
      const fs::file_status status = entry->symlink_status(unknown);
      const bool is_folder = fs::is_directory(status);
      const std::uintmax_t size = fs::is_regular_file(status) ? entry->file_size(unknown) : 0;
      context.entries.push_back({folder.prefix + name, unknown ? 0 : size, is_folder});
      if (!is_folder || is_listed_only(name)) continue;
      if (folder.depth == limits.depth) {
        context.truncated = true;
      } else {
        folders.push_back({entry->path(), folder.prefix + name + "/", folder.depth + 1});
      }
    }
    if (error) context.truncated = true;
  }
  std::ranges::sort(context.entries, {}, &BuildContext::Entry::path);
  return context;
}

std::optional<BuildContext> with_ignore_file(std::optional<BuildContext> context,
                                             const fs::path& folder,
                                             std::string_view dockerfile_name) {
  if (!context) return std::nullopt;
  for (const std::string& name :
       {std::string(dockerfile_name) + ".dockerignore", std::string(".dockerignore")}) {
    const fs::path path = root_of(folder) / name;
    std::error_code error;
    if (!fs::is_regular_file(path, error)) continue;
    try {
      context->ignore_file = IgnoreFile{name, read_file(path)};
    } catch (const FileError&) {
      return std::nullopt;  // what is sent to the builder is not known
    }
    break;
  }
  return context;
}

// Where a compose file for a Dockerfile is looked for: its own folder is the first.
constexpr std::size_t max_folders_up = 8;

}  // namespace

std::chrono::year_month_day today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return {std::chrono::year(local.tm_year + 1900),
          std::chrono::month(static_cast<unsigned>(local.tm_mon + 1)),
          std::chrono::day(static_cast<unsigned>(local.tm_mday))};
}

std::optional<BuildContext> scan_context(const fs::path& folder, std::string_view dockerfile_name,
                                         ScanLimits limits) {
  return with_ignore_file(list(folder, limits), folder, dockerfile_name);
}

std::optional<BuildContext> ContextScanner::build_context(const fs::path& dockerfile) {
  const fs::path folder = dockerfile.parent_path();
  Listing listing;
  {
    const std::scoped_lock lock(mutex_);
    if (folder_ == folder) listing = listing_;
  }
  if (!listing) {
    listing = std::make_shared<const std::optional<BuildContext>>(list(folder, {}));
    const std::scoped_lock lock(mutex_);
    folder_ = folder;
    listing_ = listing;
  }
  return with_ignore_file(*listing, folder, dockerfile.filename().native());
}

std::shared_ptr<const ContextScanner::ComposeFiles> ContextScanner::compose_files(
    const fs::path& folder) {
  {
    const std::scoped_lock lock(mutex_);
    const auto known = compose_files_.find(folder);
    if (known != compose_files_.end()) return known->second;
  }
  ComposeFiles files;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code vanished;
    if (!is_compose_name(entry->path().filename().native()) || !entry->is_regular_file(vanished))
      continue;
    try {
      files.emplace_back(entry->path(), ComposeFile::create(read_file(entry->path()), read_yaml));
    } catch (const FileError&) {
      // What cannot be read is unknown.
    }
  }
  std::ranges::sort(files, {}, &ComposeFiles::value_type::first);
  const std::scoped_lock lock(mutex_);
  return compose_files_.try_emplace(folder, std::make_shared<const ComposeFiles>(std::move(files)))
      .first->second;
}

std::vector<BuildingService> ContextScanner::services_around(const fs::path& dockerfile) {
  std::vector<BuildingService> services;
  std::vector<fs::path> folders;
  std::error_code error;
  bool in_repository = false;
  for (fs::path folder = dockerfile.parent_path();; folder = folder.parent_path()) {
    folders.push_back(folder);
    in_repository = fs::exists(folder / ".git", error);
    if (in_repository || folder == folder.root_path() || folders.size() == max_folders_up) break;
  }
  // Outside of a repository, what stands far above is somebody else's.
  if (!in_repository) folders.resize(std::min<std::size_t>(folders.size(), 2));
  for (const fs::path& folder : folders) {
    const auto files = compose_files(folder);
    for (const auto& [path, file] : *files) {
      std::ranges::move(services_building(*file, path.native(), dockerfile.native()),
                        std::back_inserter(services));
    }
  }
  return services;
}

Context ContextScanner::scan(const fs::path& file) {
  Context context;
  std::error_code error;
  const fs::path path = fs::absolute(file, error).lexically_normal();
  if (!is_compose_name(path.filename().native())) {
    context.build = build_context(file);
    context.built_by = services_around(path);
    return context;
  }
  const auto files = compose_files(path.parent_path());
  for (const auto& [other, compose] : *files) {
    if (other != path) continue;
    for (BuiltImage& image : images_built(*compose)) {
      const fs::path dockerfile = path.parent_path() / image.file;
      if (!fs::is_regular_file(dockerfile, error)) continue;
      try {
        image.dockerfile = Document::create(read_file(dockerfile));
        context.builds.push_back(std::move(image));
      } catch (const FileError&) {
        // As above.
      }
    }
  }
  return context;
}

}  // namespace bulkhead::host
