#include "host/discover.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

#include "host/file.h"
#include "host/gitignore.h"

namespace bulkhead::host {
namespace fs = std::filesystem;
namespace {

class Search {
 public:
  explicit Search(std::function<bool()> is_unwanted) : is_unwanted_(std::move(is_unwanted)) {}

  Discovery run(const fs::path& folder) {
    std::error_code error;
    const fs::path here = fs::weakly_canonical(folder, error);
    const std::optional<fs::path> root = repository_of(here);
    // Paths are told from the root of the repository, so that each .gitignore sees what it speaks
    // of.
    std::string below;
    if (root) {
      fs::path at = *root;
      const fs::path way = here.lexically_relative(*root);
      for (const fs::path& name : way) {
        if (name == ".") break;
        push_rules(at, below);
        at /= name;
        below += name.native() + "/";
      }
    }
    walk(folder, below);
    std::ranges::sort(result_.files);
    return std::move(result_);
  }

 private:
  struct Rules {
    std::size_t base;  // bytes of a path that lead to the folder of the .gitignore
    GitIgnore patterns;
  };

  static std::optional<fs::path> repository_of(fs::path folder) {
    std::error_code error;
    for (; !folder.empty(); folder = folder.parent_path()) {
      if (fs::exists(folder / ".git", error)) return folder;
      if (folder == folder.root_path()) break;
    }
    return std::nullopt;
  }

  bool push_rules(const fs::path& folder, std::string_view below) {
    std::error_code error;
    if (!fs::is_regular_file(folder / ".gitignore", error)) return false;
    try {
      rules_.push_back({below.size(), GitIgnore(read_file(folder / ".gitignore"))});
      return true;
    } catch (const FileError& problem) {
      result_.problems.emplace_back(problem.what());
      return false;
    }
  }

  bool is_ignored(std::string_view path, bool folder) const {
    for (auto rules = rules_.rbegin(); rules != rules_.rend(); ++rules) {
      if (const auto verdict = rules->patterns.verdict(path.substr(rules->base), folder))
        return *verdict;
    }
    return false;
  }

  void walk(const fs::path& folder, const std::string& below) {
    if (is_unwanted_ && is_unwanted_()) return;
    const bool has_rules = push_rules(folder, below);
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    std::vector<fs::path> folders;
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      const std::string name = entry->path().filename().native();
      std::error_code vanished;
      const fs::file_status status = entry->symlink_status(vanished);
      if (fs::is_directory(status)) {
        if (name != ".git" && name != "node_modules" && !is_ignored(below + name, true)) {
          folders.push_back(entry->path());
        }
      } else if (fs::is_regular_file(status) &&
                 (is_dockerfile_name(name) || is_compose_name(name)) &&
                 !is_ignored(below + name, false)) {
        result_.files.push_back(entry->path());
      }
    }
    if (error)
      result_.problems.push_back("cannot search " + folder.native() + ": " + error.message());
    // Only now: the iterator, and with it a file descriptor, is not held while going deeper.
    for (const fs::path& next : folders) walk(next, below + next.filename().native() + "/");
    if (has_rules) rules_.pop_back();
  }

  std::function<bool()> is_unwanted_;
  Discovery result_;
  std::vector<Rules> rules_;
};

}  // namespace

bool is_dockerfile_name(std::string_view name) {
  if (name.ends_with(".dockerignore")) return false;
  return name == "Dockerfile" || name == "Containerfile" || name.starts_with("Dockerfile.") ||
         name.starts_with("Containerfile.") || name.ends_with(".Dockerfile") ||
         name.ends_with(".dockerfile");
}

bool is_compose_name(std::string_view name) {
  if (!name.ends_with(".yaml") && !name.ends_with(".yml")) return false;
  return name.starts_with("compose.") || name.starts_with("docker-compose");
}

Discovery discover(const fs::path& folder, std::function<bool()> is_unwanted) {
  return Search(std::move(is_unwanted)).run(folder);
}

}  // namespace bulkhead::host
