#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::host {

// Whether a file of this name is taken for a Dockerfile: Dockerfile, Dockerfile.*, *.Dockerfile,
// *.dockerfile, Containerfile and Containerfile.*, but no *.dockerignore.
bool is_dockerfile_name(std::string_view name);

// Whether it is taken for a compose file: compose.yaml, compose.*.yaml, docker-compose*.yaml, or .yml.
bool is_compose_name(std::string_view name);

// Whether files of this name, without its folder, are checked: Dockerfiles, compose files, ignore files.
bool is_checked_name(std::string_view name);

struct Discovery {
  std::vector<std::filesystem::path> files;  // below the folder as it was given, sorted
  std::vector<std::string> problems;         // for the user: folders that could not be read
};

// The Dockerfiles and compose files in `folder` and below, and the ignore files beside Dockerfiles. Left out
// are `.git`, `node_modules`, symbolic links, and what the .gitignore files say: those in and below
// `folder`, and those above it up to the root of the repository it lies in (.git/info/exclude and the
// user's own core.excludesFile are not read).
// Asks in front of each folder whether nobody wants the answer any more, and then ends early.
Discovery discover(const std::filesystem::path& folder, std::function<bool()> is_unwanted = {});

}  // namespace bulkhead::host
