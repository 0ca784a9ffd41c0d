#pragma once

// The package managers that packages.h knows, as tables: their subcommands, their options, and how they
// write a package with its version.

#include <span>
#include <string_view>
#include <variant>

#include "analysis/shell/commands/options.h"
#include "analysis/shell/commands/packages.h"

namespace bulkhead::shell {

// What an option means where it is no setting.
enum class PackageOptionRole : std::uint8_t {
  list,                 // value: a file that names packages
  package,              // value: a package
  source,               // value: where the packages come from, in place of an index
  commit,               // value: what is taken of that source
  version,              // value: the version of the packages
  check,                // a check that `=false` turns off
  question,             // turns the call into one that only looks
  apt_setting,          // value: KEY=VALUE, as in apt.conf
  dnf_setting,          // value: KEY=VALUE, as in dnf.conf
  apt_quiet,            // twice, it answers yes
  search_or_recursive,  // pacman -s: looks with -S, and with -R takes what is not needed any more
};

struct PackageOption {
  Option option;
  std::variant<std::monostate, PackageCall::Setting, PackageOptionRole, PackageCall::Action>
      meaning = {};
};

struct PackageOptions {
  std::span<const PackageOption> rows;
  // Those that mean nothing here, as all_options() takes them: without a value, and with one.
  std::string_view flags;
  std::string_view valued;
};

struct PackageSubcommand {
  std::string_view words;  // "install", "pip install"; empty: what the bare program does
  PackageCall::Action action;
  // What the operands behind it are; `none`: nothing that names packages (`clean all`).
  enum class Operands : std::uint8_t {
    packages,
    first,  // only the first one is a package
    groups,
    sources,
    none,
  } operands = Operands::packages;
  // What it implies ("ci": only what is locked).
  std::optional<PackageCall::Setting> implies = {};
  const PackageOptions* options = nullptr;  // in place of the manager's
};

struct PackageManager {
  std::string_view name;
  // Between commas. A program is also known with a version behind its name: pip3.11.
  std::string_view programs;
  std::span<const PackageSubcommand> subcommands;  // none: an option says what it does (rpm -i)
  const PackageOptions& options;
  // Takes `package.name`, the whole text of a word, apart.
  void (*split)(Package& package);
  bool one_dash = false;         // in front of long options: -trimpath
  bool version_follows = false;  // as an operand of its own: `luarocks install NAME VERSION`
  bool ends_at_dashes = false;   // what follows `--` is for others: `gem install pg -- --with-opt`
};

std::span<const PackageManager> package_managers();

// Null for a program that is none of them.
const PackageManager* find_package_manager(std::string_view program);

}  // namespace bulkhead::shell
