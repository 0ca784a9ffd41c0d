#include "analysis/facts/paths.h"

#include <algorithm>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"
#include "analysis/text/path.h"

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
  const bool is_own = found && (found->kind == PathKind::host || found->kind == PathKind::written);
  return is_own ? nullptr : found;
}

bool is_shared_folder(std::string_view path) {
  return path == "/tmp" || path == "/var/tmp" || path == "/dev/shm";
}

const TrustedPath* trusted_path(std::string_view path, bool recursive) {
  if (path.size() < 2) return recursive && path == "/" ? &tables::trusted_paths.front() : nullptr;
  static const RowsByCharacter rows(tables::trusted_paths,
                                    [](const TrustedPath& each) { return each.path.substr(1, 1); });
  const std::string_view folder = path.substr(0, path.rfind('/'));
  for (const TrustedPath* each : rows.of(path.substr(1))) {
    if (path == each->path || (each->kind == TrustedPath::Kind::tree && folder == each->path) ||
        (recursive && is_within(each->path, path)))
      return each;
  }
  return nullptr;
}

}  // namespace bulkhead::facts
