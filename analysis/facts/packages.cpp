#include "analysis/facts/packages.h"

#include <algorithm>
#include <string>

#include "analysis/facts/lookup.h"
#include "analysis/facts/package_managers.h"
#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {
namespace {

bool has_part(std::string_view list, std::string_view item) {
  return !item.empty() && any_part(list, ',', [&](std::string_view part) { return part == item; });
}

}  // namespace

const RiskyPackage* risky_package(std::string_view manager, std::string_view name) {
  const PackageManager* known = package_manager(manager);
  if (!known) return nullptr;
  static const RowsByCharacter rows(tables::risky_packages, [](const RiskyPackage& row) {
    return std::string(1, pair_of(row.package.substr(0, 2)));
  });
  const auto about = rows.of(pair_of(name.substr(0, 2)));
  const auto found = std::ranges::find_if(about, [&](const RiskyPackage* row) {
    return matches_glob(row->package, name) && row->family == known->family;
  });
  return found == about.end() ? nullptr : *found;
}

bool is_program_of(const RiskyPackage& package, std::string_view program) {
  return has_part(package.programs, program);
}

bool belongs_to_release(std::string_view package) {
  return std::ranges::any_of(tables::release_packages, [&](const ReleasePackage& row) {
    if (!package.starts_with(row.stem)) return false;
    std::string_view rest = package.substr(row.stem.size());
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest.remove_prefix(digits);
    return digits > 0 && (!row.dotted || (rest.size() > 1 && rest[0] == '.' && is_digit(rest[1])));
  });
}

bool DevelopmentInstall::installs_by(std::string_view subcommand) const {
  return has_part(subcommands, subcommand);
}

bool DevelopmentInstall::is_asked_by(std::string_view option) const {
  return has_part(asked_by, option);
}

const DevelopmentInstall* development_install(std::string_view manager) {
  const auto found =
      std::ranges::find(tables::development_installs, manager, &DevelopmentInstall::manager);
  return found == tables::development_installs.end() ? nullptr : &*found;
}

bool is_development(std::string_view name) {
  std::string words = lower_case(name);
  std::ranges::replace_if(words, [](char c) { return c == '_' || c == '.' || c == ':'; }, '-');
  return any_part(words, '-', [](std::string_view word) {
    return std::ranges::find(tables::development_words, word) != tables::development_words.end();
  });
}

}  // namespace bulkhead::facts
