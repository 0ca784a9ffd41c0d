#include "host/discover.h"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include "analysis/ignore_file.h"
#include "host/git_ignored.h"

namespace bulkhead::host {
namespace fs = std::filesystem;
namespace {

class Search {
 public:
  explicit Search(std::function<bool()> is_unwanted) : is_unwanted_(std::move(is_unwanted)) {}

  Discovery run(const fs::path& folder) {
    walk(folder, GitIgnored(folder, &result_.problems));
    std::ranges::sort(result_.files);
    return std::move(result_);
  }

 private:
  void walk(const fs::path& folder, const GitIgnored& by_git) {
    if (is_unwanted_ && is_unwanted_()) return;
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    std::vector<fs::path> folders;
    std::vector<fs::path> ignore_files;
    bool has_dockerfile = false;
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      const std::string name = entry->path().filename().native();
      std::error_code vanished;
      const fs::file_status status = entry->symlink_status(vanished);
      if (fs::is_directory(status)) {
        if (name != ".git" && name != "node_modules" && !by_git.ignores(name, true)) {
          folders.push_back(entry->path());
        }
      } else if (fs::is_regular_file(status) && is_checked_name(name) &&
                 !by_git.ignores(name, false)) {
        has_dockerfile = has_dockerfile || is_dockerfile_name(name);
        (is_ignore_file_name(name) ? ignore_files : result_.files).push_back(entry->path());
      }
    }
    if (error)
      result_.problems.push_back("cannot search " + folder.native() + ": " + error.message());
    if (has_dockerfile) std::ranges::move(ignore_files, std::back_inserter(result_.files));
    // Only now: the iterator, and with it a file descriptor, is not held while going deeper.
    for (const fs::path& next : folders) walk(next, by_git.in(next));
  }

  std::function<bool()> is_unwanted_;
  Discovery result_;
};

}  // namespace

bool is_checked_name(std::string_view name) {
  return is_dockerfile_name(name) || is_compose_name(name) || is_ignore_file_name(name);
}

bool is_dockerfile_name(std::string_view name) {
  if (is_ignore_file_name(name)) return false;
  return name == "Dockerfile" || name == "dockerfile" || name == "Containerfile" ||
         name.starts_with("Dockerfile.") || name.starts_with("Containerfile.") ||
         name.ends_with(".Dockerfile") || name.ends_with(".dockerfile");
}

bool is_compose_name(std::string_view name) {
  if (!name.ends_with(".yaml") && !name.ends_with(".yml")) return false;
  return name.starts_with("compose.") || name.starts_with("docker-compose");
}

Discovery discover(const fs::path& folder, std::function<bool()> is_unwanted) {
  return Search(std::move(is_unwanted)).run(folder);
}

}  // namespace bulkhead::host
