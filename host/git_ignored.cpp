#include "host/git_ignored.h"

#include <optional>
#include <system_error>

#include "host/file.h"

namespace bulkhead::host {
namespace fs = std::filesystem;
namespace {

std::optional<fs::path> repository_of(fs::path folder) {
  std::error_code error;
  for (; !folder.empty(); folder = folder.parent_path()) {
    if (fs::exists(folder / ".git", error)) return folder;
    if (folder == folder.root_path()) break;
  }
  return std::nullopt;
}

}  // namespace

GitIgnored::GitIgnored(const fs::path& folder, std::vector<std::string>* problems)
    : problems_(problems) {
  std::error_code error;
  const fs::path here = fs::weakly_canonical(folder, error);
  if (const std::optional<fs::path> root = repository_of(here)) {
    fs::path at = *root;
    const fs::path way = here.lexically_relative(*root);
    for (const fs::path& name : way) {
      if (name == ".") break;
      read(at);
      at /= name;
      below_ += name.native() + "/";
    }
  }
  read(folder);
}

GitIgnored GitIgnored::in(const fs::path& folder) const {
  GitIgnored below = *this;
  below.below_ += folder.filename().native() + "/";
  below.read(folder);
  return below;
}

void GitIgnored::read(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_regular_file(folder / ".gitignore", error)) return;
  try {
    files_ = std::make_shared<const File>(
        File{files_, below_.size(), GitIgnore(read_file(folder / ".gitignore"))});
  } catch (const FileError& problem) {
    if (problems_) problems_->emplace_back(problem.what());
  }
}

bool GitIgnored::ignores(std::string_view name, bool is_folder) const {
  const std::string path = below_ + std::string(name);
  for (const File* file = files_.get(); file; file = file->above.get()) {
    const auto verdict =
        file->patterns.verdict(std::string_view(path).substr(file->base), is_folder);
    if (verdict) return *verdict;
  }
  return false;
}

}  // namespace bulkhead::host
