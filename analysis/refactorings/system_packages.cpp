#include "analysis/refactorings/system_packages.h"

#include <algorithm>
#include <span>

#include "analysis/facts/package_managers.h"
#include "analysis/facts/packages.h"
#include "analysis/shell/commands/packages.h"
#include "analysis/text/word_list.h"

namespace bulkhead::refactorings {
namespace {

template <class Use>
void each_package(const SingleStage& single, Use use) {
  for (const Step& step : single.steps) {
    const auto call = shell::package_call(step.name, step.arguments);
    if (!call || call->action != shell::PackageCall::Action::install) continue;
    const auto* manager = facts::package_manager(call->manager);
    if (!manager || !manager->of_system) continue;
    for (const shell::Package& package : call->packages) {
      if (package.kind == shell::Package::Kind::name && !package.name.empty())
        use(call->manager, package.name);
    }
  }
}

bool installs(const SingleStage& single, const WordList& names) {
  return std::ranges::any_of(system_packages(single),
                             [&](const std::string& package) { return is_listed(package, names); });
}

}  // namespace

std::vector<std::string> system_packages(const SingleStage& single) {
  std::vector<std::string> names;
  each_package(single, [&](auto, const std::string& name) { names.push_back(name); });
  return names;
}

bool installs_compiler(const SingleStage& single) {
  return installs(single, "gcc g++ build-base alpine-sdk musl-dev clang build-essential");
}

bool installs_cxx(const SingleStage& single) {
  return installs(single, "g++ build-base alpine-sdk build-essential");
}

std::string installed_libraries(const SingleStage& single) {
  // What every image here has, or no program calls.
  constexpr std::string_view common = "ca-certificates git tzdata musl-dev libc-dev linux-headers";
  constexpr std::size_t most = 6;
  std::vector<std::string> found;
  each_package(single, [&](std::string_view manager, const std::string& name) {
    const facts::RiskyPackage* known = facts::risky_package(manager, name);
    const bool is_tool = known && known->kind == facts::PackageKind::build_tool;
    if (is_listed(name, common) || (is_tool && !name.starts_with("lib"))) return;
    if (std::ranges::find(found, name) == found.end()) found.push_back(name);
  });
  std::string list;
  for (const std::string& name : std::span(found).first(std::min(found.size(), most))) {
    if (!list.empty()) list += ", ";
    list += name;
  }
  if (found.size() > most) list += " and more";
  return list;
}

}  // namespace bulkhead::refactorings
