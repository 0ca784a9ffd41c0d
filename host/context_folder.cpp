#include "host/context_folder.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <system_error>

#include "analysis/dockerignore.h"
#include "analysis/facts/ecosystems.h"
#include "analysis/text/path.h"

namespace bulkhead::host {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t max_folders_up = 8;
constexpr std::size_t max_names = 256;       // that are looked for
constexpr std::size_t max_entries = 10'000;  // that are held against patterns

bool lies_at(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

// Whether something lies at `pattern` in `folder`; looks at no more than `left` entries.
bool is_there(const fs::path& folder, std::string_view pattern, std::size_t& left) {
  const std::size_t slash = pattern.find('/');
  const std::string_view name = pattern.substr(0, slash);
  const auto goes_on = [&](const fs::path& path) {
    return lies_at(path) &&
           (slash == std::string_view::npos || is_there(path, pattern.substr(slash + 1), left));
  };
  if (!is_pattern(name)) return goes_on(folder / name);
  const DockerIgnore glob(name);
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator() && left > 0; entry.increment(error)) {
    --left;
    if (glob.ignores(entry->path().filename().native()) && goes_on(entry->path())) return true;
  }
  return false;
}

// With symbolic links resolved: one may lead anywhere.
bool lies_in(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path real_path = fs::canonical(path, error);
  if (error) return false;
  const fs::path real_folder = fs::canonical(folder.empty() ? "." : folder, error);
  return !error && std::ranges::mismatch(real_folder, real_path).in1 == real_folder.end();
}

// Whether a project begins here, by the files that package managers and the like look for. They are many: the
// folder is read once, and held against them.
bool is_project(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator() && names.size() < max_entries;
       entry.increment(error))
    names.push_back(entry->path().filename().native());
  std::ranges::sort(names);
  const auto has = [&](std::string_view marker) {
    return is_pattern(marker)
               ? std::ranges::any_of(names,
                                     [glob = DockerIgnore(marker)](const std::string& name) {
                                       return glob.ignores(name);
                                     })
               : std::ranges::binary_search(names, marker);
  };
  return std::ranges::any_of(facts::ecosystems(), [&](const facts::Ecosystem& ecosystem) {
    return std::ranges::any_of(ecosystem.markers, has);
  });
}

}  // namespace

std::vector<fs::path> folders_around(const fs::path& path) {
  std::vector<fs::path> folders;
  for (fs::path folder = path.parent_path();; folder = folder.parent_path()) {
    folders.push_back(folder);
    if (lies_at(folder / ".git")) return folders;
    if (folder == folder.root_path() || folders.size() == max_folders_up) break;
  }
  folders.resize(std::min<std::size_t>(folders.size(), 2));
  return folders;
}

std::optional<fs::path> context_folder(const std::vector<fs::path>& folders,
                                       const std::vector<fs::path>& told,
                                       const std::vector<std::string>& named,
                                       const OpenFiles& open) {
  const std::size_t names = std::min(named.size(), max_names);
  const auto found_in = [&](const fs::path& folder) {
    std::size_t left = max_entries;
    return std::count_if(named.begin(), named.begin() + static_cast<std::ptrdiff_t>(names),
                         [&](const std::string& name) { return is_there(folder, name, left); });
  };
  std::vector<fs::path> candidates;
  std::error_code error;
  for (const fs::path& folder : told) {
    // What lies elsewhere is none of ours to look into.
    if (lies_in(folder, folders.back()) && fs::is_directory(folder, error))
      candidates.push_back(folder);
  }
  const bool is_told = !candidates.empty();
  if (!is_told) candidates = folders;
  if (is_told && candidates.size() == 1) return candidates.front();
  const fs::path& own = folders.front();
  const auto has_ignore_file = [&](const fs::path& folder) {
    return lies_at(folder / ".dockerignore") || open.contains(folder / ".dockerignore");
  };
  std::vector<std::ptrdiff_t> found;
  std::ranges::transform(candidates, std::back_inserter(found), found_in);
  // The only ignore file, beside the Dockerfile, speaks for that folder as much as one thing that is named.
  std::vector<std::ptrdiff_t> weights = found;
  if (!is_told && has_ignore_file(own) && std::ranges::count_if(folders, has_ignore_file) == 1)
    ++weights.front();
  const auto best = static_cast<std::size_t>(std::ranges::max_element(weights) - weights.begin());
  if (is_told || (names > 0 && 2 * static_cast<std::size_t>(found[best]) >= names))
    return candidates[best];
  if (lies_at(own / ".git") || has_ignore_file(own)) return own;
  if (names > 0) return std::nullopt;
  const bool in_repository = lies_at(folders.back() / ".git");
  const auto ignoring = std::ranges::find_if(folders, has_ignore_file);
  const bool project = is_project(own);
  if (ignoring == folders.end())
    return project || !in_repository ? std::optional(own) : std::nullopt;
  // Where a project stands in another, either may be it.
  return project ? std::nullopt : std::optional(*ignoring);
}

}  // namespace bulkhead::host
