#include "host/git_ignored.h"

#include <system_error>

#include "host/file.h"

namespace bulkhead::host {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t most_bytes = 4 * max_nearby_size;

}  // namespace

std::optional<fs::path> repository_of(fs::path folder) {
  std::error_code error;
  for (; !folder.empty(); folder = folder.parent_path()) {
    if (fs::exists(folder / ".git", error)) return folder;
    if (folder == folder.root_path()) break;
  }
  return std::nullopt;
}

GitIgnored::GitIgnored(const fs::path& folder, std::vector<std::string>* problems)
    : left_(std::make_shared<std::uint64_t>(most_bytes)), problems_(problems) {
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
  const fs::path path = folder / ".gitignore";
  if (!fs::is_regular_file(path, error)) return;
  try {
    const std::string text = read_file(path, max_nearby_size);
    if (text.size() > *left_)
      throw FileError("cannot read " + path.native() + ": more than 4 MiB of such files");
    *left_ -= text.size();
    files_ = std::make_shared<const File>(File{files_, below_.size(), GitIgnore(text)});
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
