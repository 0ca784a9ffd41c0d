#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/gitignore.h"

namespace bulkhead::host {

// The root of the repository that `folder` lies in.
std::optional<std::filesystem::path> repository_of(std::filesystem::path folder);

// What git ignores in one folder, by the .gitignore files in it and above it up to the root of its repository
// (.git/info/exclude and the user's own core.excludesFile are not read). One that is larger than
// max_nearby_size is not heeded, nor is one beyond 4 MiB of them: who waits to be searched holds theirs.
class GitIgnored {
 public:
  // Files that cannot be read are told to `problems`, if there is one.
  explicit GitIgnored(const std::filesystem::path& folder,
                      std::vector<std::string>* problems = nullptr);
  // Of a folder right in this one.
  GitIgnored in(const std::filesystem::path& folder) const;

  bool ignores(std::string_view name, bool is_folder) const;

 private:
  struct File {
    std::shared_ptr<const File> above;
    std::size_t base;  // bytes of a path that lead to the folder of the .gitignore
    GitIgnore patterns;
  };

  void read(const std::filesystem::path& folder);

  // Paths are told from the root of the repository, so that each .gitignore sees what it speaks of.
  std::string below_;
  std::shared_ptr<const File> files_;
  // Bytes that may still be read, for this folder and all below.
  std::shared_ptr<std::uint64_t> left_;
  std::vector<std::string>* problems_;
};

}  // namespace bulkhead::host
