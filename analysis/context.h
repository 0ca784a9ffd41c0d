#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead {

// What lies in the folder that is sent to the builder, as far as the host has listed it.
struct BuildContext {
  struct Entry {
    std::string path;        // from the context's root, '/' between names, no leading one
    std::uint64_t size = 0;  // bytes; 0 for a folder
    bool folder = false;
  };

  std::vector<Entry> entries;  // sorted by path, before any ignore file is applied
  bool truncated = false;      // the host stopped early: what is not in `entries` may still exist

  // The ignore file that the builder would use (`<Dockerfile name>.dockerignore` wins over
  // `.dockerignore`): its path from the context's root and its text. None when there is neither.
  struct IgnoreFile {
    std::string path;
    std::string text;
  };
  std::optional<IgnoreFile> ignore_file;
};

// Facts from outside the document. What is absent is unknown, and a rule that needs it stays
// silent.
struct Context {
  std::optional<std::chrono::year_month_day> today;  // for end-of-life dates
  std::optional<BuildContext> build;
};

}  // namespace bulkhead
