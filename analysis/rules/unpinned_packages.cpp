#include "analysis/rules/unpinned_packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "analysis/facts/package_managers.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using shell::Package;
using shell::PackageCall;
using Setting = PackageCall::Setting;

// Whether a file of constraints has a say: `pip install -c`, PIP_CONSTRAINT.
bool has_constraints(const Command& command) {
  if (command.run().variable("PIP_CONSTRAINT") || command.run().variable("UV_CONSTRAINT"))
    return true;
  return std::ranges::any_of(command.argument_texts(), [](const shell::Argument& text) {
    return text && (text->starts_with("-c") || text->starts_with("--constraint"));
  });
}

// "NAME=VERSION" with the name of the package in it
std::string pinned(std::string_view pin, std::string_view name) {
  std::string text(pin);
  const std::size_t at = text.find("NAME");
  return at == std::string::npos ? text : text.replace(at, 4, name);
}

// What a message calls it: of an address, which may hold a password, only the end.
std::string display(const Package& package) {
  if (package.kind != Package::Kind::url) return package.name;
  std::string_view name = package.name;
  name = name.substr(0, name.find('#'));
  if (name.ends_with(".git")) name.remove_suffix(4);
  return std::string(name.substr(name.find_last_of("/:") + 1));
}

// "curl and git come in whatever versions are"
std::string named(const std::vector<Package>& packages) {
  const std::string first = display(packages.front());
  switch (packages.size()) {
    case 1:
      return first + " comes in whatever version is";
    case 2:
      return fmt::format("{} and {} come in whatever versions are", first,
                         display(packages.back()));
    default:
      return fmt::format("{} and {} more come in whatever versions are", first,
                         packages.size() - 1);
  }
}

// A package of a distribution in whose name a variable stands that can hold no version: "php${PHP}-fpm".
std::optional<Package> named_by_variable(const Command& command, const Package& package) {
  if (package.kind != Package::Kind::unknown || command.argument_texts()[package.argument])
    return std::nullopt;
  const std::string_view text =
      command.run().document().text(command.arguments()[package.argument].span());
  const std::size_t dollar = text.find('$');
  if (dollar == text.npos || dollar == 0 || !(is_letter(text[0]) || is_digit(text[0])) ||
      text.find_first_of("=<>~/@`(\"'") != text.npos || text[dollar - 1] == '-')
    return std::nullopt;
  Package named = package;
  named.name = text;
  return named;
}

// Whether the address is that of a Git repository, which is fetched as its main branch is.
bool is_repository(std::string_view address, std::string_view family) {
  constexpr std::array<std::string_view, 6> hosts = {"git+",    "git:",       "git@",
                                                     "github:", "bitbucket:", "gitlab:"};
  if (std::ranges::any_of(hosts, [&](auto host) { return address.starts_with(host); })) return true;
  // Of npm `user/repo` and `https://host/repo.git`
  return family == "npm" && (address.find(':') == address.npos || address.ends_with(".git"));
}

// Of `dnf module install nodejs:20` the stream is the version.
bool is_unpinned(const Package& package, bool of_modules, std::string_view family) {
  if (of_modules)
    return package.kind == Package::Kind::group && package.name.find(':') == std::string::npos;
  const bool has_branch = package.kind == Package::Kind::url && is_repository(package.name, family);
  return (package.kind == Package::Kind::name || has_branch) && package.pin == Package::Pin::none;
}

}  // namespace

std::optional<UnpinnedPackages> unpinned_packages(const Command& command,
                                                  const WordList& managers) {
  const auto& texts = command.argument_texts();
  const PackageCall* call = command.package_call();
  if (!call || !is_listed(call->manager, managers) ||
      call->action != PackageCall::Action::install || call->has(Setting::locked) ||
      call->has(Setting::simulate)) {
    return std::nullopt;
  }
  const facts::PackageManager* manager = facts::package_manager(call->manager);
  const bool of_modules = call->subcommand < texts.size() && texts[call->subcommand] == "module";
  const std::string_view family = manager ? manager->family : "";
  std::vector<Package> packages;
  for (const Package& package : call->packages) {
    if (is_unpinned(package, of_modules, family)) packages.push_back(package);
    // What xargs adds stands nowhere.
    const bool is_named = manager && manager->of_system && !of_modules;
    if (!is_named || package.argument <= call->subcommand) continue;
    if (const auto named = named_by_variable(command, package)) packages.push_back(*named);
  }
  if (packages.empty() || (family == "pip" && has_constraints(command))) return std::nullopt;
  // What is named there is not what is installed.
  const std::string subcommand = texts[call->subcommand].value_or("");
  if (is_listed(subcommand, "build-dep builddep swap")) return std::nullopt;
  return UnpinnedPackages{*call, std::move(packages)};
}

FindingBuilder report_unpinned(const Command& command, const UnpinnedPackages& unpinned,
                               Report& report) {
  const Package& first = unpinned.packages.front();
  const facts::PackageManager* manager = facts::package_manager(unpinned.call.manager);
  const bool is_module = first.kind == Package::Kind::group;
  const std::string_view pin = is_module ? "NAME:STREAM" : manager ? manager->pin : "";
  std::string advice = pin.empty() ? std::string() : ": write " + pinned(pin, first.name);
  if (first.kind == Package::Kind::url)
    advice = fmt::format(": add {}COMMIT to the address", manager->family == "npm" ? '#' : '@');
  return report.at(
      command.arguments()[first.argument],
      fmt::format("{} newest on the day of the build{}", named(unpinned.packages), advice));
}

void report_unpinned(const Command& command, Report& report, const WordList& managers) {
  if (const auto unpinned = unpinned_packages(command, managers))
    report_unpinned(command, *unpinned, report);
}

}  // namespace bulkhead::rules
