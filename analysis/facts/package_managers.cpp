#include "analysis/facts/package_managers.h"

#include <algorithm>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const PackageManager* package_manager(std::string_view name) {
  const auto found = std::ranges::find(tables::package_managers, name, &PackageManager::name);
  return found == tables::package_managers.end() ? nullptr : &*found;
}

const ProjectFolder* project_folder(std::string_view manager) {
  const auto found = std::ranges::find(tables::project_folders, manager, &ProjectFolder::manager);
  return found == tables::project_folders.end() ? nullptr : &*found;
}

std::string_view global_folder(std::string_view manager, std::string_view image) {
  const ProjectFolder* found = project_folder(manager);
  const bool is_of_image = found && !image.empty() && found->global_image == canonical_name(image);
  return is_of_image ? found->global_folder : std::string_view();
}

const OfflineInstall* offline_install(std::string_view manager) {
  const auto found = std::ranges::find(tables::offline_installs, manager, &OfflineInstall::manager);
  return found == tables::offline_installs.end() ? nullptr : &*found;
}

}  // namespace bulkhead::facts
