#pragma once

// What a project sets for its files, in a `.bulkhead.yaml`. docs/configuration.md tells what may stand there.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/config.h"
#include "host/by_folder.h"
#include "host/gitignore.h"

namespace bulkhead::host {

// Whether a file of this name, without its folder, is a configuration: .bulkhead.yaml or .bulkhead.yml.
bool is_configuration_name(std::string_view name);

class Configuration {
 public:
  // Of any text: what of it does not count is told in Settings::problems, where the file goes by `name`. What is
  // right beside it counts.
  Configuration(std::string_view text, std::string_view name);
  // One that cannot be read.
  explicit Configuration(std::string problem) : common_{.problems = {std::move(problem)}} {}

  // For the file at `path`, from the folder that patterns begin at, '/' between names.
  Settings settings(std::string_view path) const;

 private:
  class Reader;
  struct PerFile {
    GitIgnore files;
    std::vector<const Rule*> ignore;
  };

  Settings common_;
  std::optional<GitIgnore> exclude_;
  std::vector<PerFile> per_file_;
};

// The configurations of files, as they were when first asked for. Safe to use from any thread.
class Configurations {
 public:
  // For each file the nearest one: in its folder or above, up to the root of its repository; outside of one up to the
  // folder above, or to the one that the process was started in.
  Configurations() = default;
  // None at all, or this one for all files; its patterns begin in the folder that the process was started in.
  explicit Configurations(std::optional<std::filesystem::path> only);

  Settings settings(const std::filesystem::path& file);

 private:
  struct Found {
    Configuration configuration;
    std::filesystem::path folder;
  };
  using FoundPointer = std::shared_ptr<const Found>;

  static FoundPointer read(const std::filesystem::path& file, const std::filesystem::path& folder);
  static FoundPointer nearest(const std::filesystem::path& folder);

  std::optional<FoundPointer> only_;  // for all files; null: there is none
  std::unique_ptr<ByFolder<FoundPointer, 64>> by_folder_ =
      std::make_unique<ByFolder<FoundPointer, 64>>();
};

}  // namespace bulkhead::host
