#pragma once

#include <string>
#include <string_view>

#include "analysis/context.h"
#include "analysis/text/lines.h"

namespace bulkhead::report {

// The file that findings are about. Views, which have to outlive it.
struct Source {
  std::string_view path;  // as the user knows it
  std::string_view text;
  const Lines& lines;
  const Context* context = nullptr;  // where edits may be of other files
};

// The path of a file that an edit names from the folder of the Dockerfile; the Dockerfile's own where `file` is
// empty.
inline std::string path_of(const Source& source, std::string_view file) {
  if (file.empty()) return std::string(source.path);
  return std::string(source.path.substr(0, source.path.rfind('/') + 1)) + std::string(file);
}

}  // namespace bulkhead::report
