#include "analysis/text/path.h"

#include <vector>

#include "analysis/text/ascii.h"

namespace bulkhead {

std::string clean_path(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> names;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (name.empty() || name == ".") continue;
    if (name != ".." || (names.empty() ? !absolute : names.back() == "..")) {
      names.push_back(name);
    } else if (!names.empty()) {
      names.pop_back();
    }
  }
  std::string clean = absolute ? "/" : "";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) clean += '/';
    clean += names[i];
  }
  return clean.empty() ? "." : clean;
}

std::string_view folder_of(std::string_view path) {
  return path.substr(0, path.rfind('/') + 1);  // npos + 1 is 0
}

bool is_within(std::string_view path, std::string_view folder) {
  if (folder == "/") return path.starts_with('/');
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_pattern(std::string_view path) {
  constexpr CharacterSet marks("*?[");
  return marks.find_in(path) != std::string_view::npos;
}

std::string join_path(std::string_view folder, std::string_view path) {
  if (path.starts_with('/')) return clean_path(path);
  return clean_path(std::string(folder) + "/" + std::string(path));
}

std::string relative_path(std::string_view folder, std::string_view path) {
  std::string from = clean_path(folder);
  const std::string to = clean_path(path);
  if (from == ".") from.clear();
  if (!from.empty() && !from.ends_with('/')) from += '/';
  std::string up;
  while (!std::string_view(to).starts_with(from)) {
    from.resize(from.rfind('/', from.size() - 2) + 1);  // npos + 1 is 0
    up += "../";
  }
  return up + to.substr(from.size());
}

}  // namespace bulkhead
