#include "host/context.h"

#include <algorithm>
#include <ctime>
#include <deque>
#include <string>
#include <system_error>
#include <utility>

#include "host/file.h"

namespace bulkhead::host {
namespace fs = std::filesystem;
namespace {

using IgnoreFile = BuildContext::IgnoreFile;

bool is_listed_only(std::string_view name) {
  return name == ".git" || name == "node_modules";
}

// Folder by folder from the root down, so that what a limit cuts off lies deep.
void list(const fs::path& root, ScanLimits limits, BuildContext& context) {
  struct Folder {
    fs::path path;
    std::string prefix;  // of the entries' paths
    std::size_t depth;
  };
  std::deque<Folder> folders{{root, "", 0}};
  while (!folders.empty()) {
    const Folder folder = std::move(folders.front());
    folders.pop_front();
    std::error_code error;
    fs::directory_iterator entry(folder.path, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      if (context.entries.size() == limits.entries) {
        context.truncated = true;
        return;
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
}

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
  // A path of "Dockerfile" stands in the folder "".
  const fs::path root = folder.empty() ? fs::path(".") : folder;
  std::error_code error;
  if (const fs::directory_iterator readable(root, error); error) return std::nullopt;

  BuildContext context;
  list(root, limits, context);
  std::ranges::sort(context.entries, {}, &BuildContext::Entry::path);
  for (const std::string& name :
       {std::string(dockerfile_name) + ".dockerignore", std::string(".dockerignore")}) {
    if (!fs::is_regular_file(root / name, error)) continue;
    try {
      context.ignore_file = IgnoreFile{name, read_file(root / name)};
    } catch (const FileError&) {
      return std::nullopt;  // what is sent to the builder is not known
    }
    break;
  }
  return context;
}

Context load_context(const fs::path& dockerfile, std::chrono::year_month_day today) {
  return {today, scan_context(dockerfile.parent_path(), dockerfile.filename().native())};
}

}  // namespace bulkhead::host
