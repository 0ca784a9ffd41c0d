#include "analysis/facts/paths.h"

#include <algorithm>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const SystemPath* host_path(std::string_view path) {
  if (path == "/dev/shm" || path.starts_with("/dev/shm/")) return nullptr;
  const auto found = std::ranges::find_if(tables::system_paths, [&](const SystemPath& each) {
    return matches_glob(each.path, path) ||
           (each.kind == PathKind::kernel && path.starts_with(each.path) &&
            path[each.path.size()] == '/');
  });
  return found == tables::system_paths.end() ? nullptr : &*found;
}

const SystemPath* system_path(std::string_view path) {
  const SystemPath* found = host_path(path);
  return found && found->kind != PathKind::host ? found : nullptr;
}

}  // namespace bulkhead::facts
