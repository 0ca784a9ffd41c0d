#include "analysis/model/paths.h"

#include <algorithm>
#include <vector>

#include "analysis/text/ascii.h"

namespace bulkhead {
namespace {

constexpr std::size_t max_path = 4096;  // bytes: PATH_MAX of Linux

bool is_windows(std::string_view path) {
  const bool has_drive = path.size() >= 2 && path[1] == ':' && lower_case(path[0]) >= 'a' &&
                         lower_case(path[0]) <= 'z';
  return has_drive ||
         (path.find('\\') != std::string_view::npos && path.find('/') == std::string_view::npos);
}

}  // namespace

bool is_absolute(std::string_view path) {
  return path.starts_with('/') || path.starts_with('\\') ||
         (path.size() >= 2 && path[1] == ':' && is_windows(path));
}

std::string normalized(std::string_view path) {
  if (is_windows(path)) return std::string(path);
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    // Of a part that is not known ".." may lead anywhere, and stays.
    const bool goes_up = part == ".." && !parts.empty() && parts.back() != ".." &&
                         parts.back().find('$') == std::string_view::npos;
    if (goes_up) {
      parts.pop_back();
    } else if (!part.empty() && part != "." && !(part == ".." && absolute && parts.empty())) {
      parts.push_back(part);
    }
    at = end + 1;
  }
  std::string out;
  for (const std::string_view part : parts) {
    if (absolute || !out.empty()) out += '/';
    out += part;
  }
  if (out.empty()) out += absolute ? '/' : '.';
  return out;
}

Value joined(const Value& folder, const Value& path) {
  Value out{{}, path.known, path.variables};
  if (is_absolute(path.text)) {
    out.text = normalized(path.text);
  } else if (path.text.starts_with('$') || path.text.starts_with('~')) {
    out.text = path.text;  // absolute, as a rule
    out.known = false;
  } else {
    const bool windows = is_windows(folder.text);
    out.text = windows ? folder.text + '\\' + path.text : normalized(folder.text + '/' + path.text);
    out.known = folder.known && path.known;
    // Each `WORKDIR a` adds to it.
    if (out.text.size() > max_path) return {".", false, {}};
  }
  return out;
}

std::string_view file_name(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  constexpr CharacterSet slashes("/\\");
  return path.substr(slashes.rfind_in(path) + 1);
}

}  // namespace bulkhead
