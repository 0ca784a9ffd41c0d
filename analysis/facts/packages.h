#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Packages that are no part of what a server needs to run.
namespace bulkhead::facts {

enum class PackageKind : std::uint8_t {
  build_tool,            // compilers, and what stands beside them: headers, make
  community_repository,  // has the package manager trust others than the distribution
  debug_tool,            // to look into a system, or to change it by hand
  php_debugger,
  remote_server,  // lets people log in, or fetch and leave files
};

struct RiskyPackage {
  std::string_view package;  // the name, or a glob
  std::string_view family;   // PackageManager::family
  PackageKind kind;
  std::string_view what;      // "an editor"; may be empty
  std::string_view programs;  // those that it is installed for, between commas; may be empty
  std::string_view instead;   // the package that has the harmless part; may be empty

  // Calls `use(program)` for each of the programs.
  template <class Use>
  void each_program(Use use) const {
    for (std::string_view rest = programs; !rest.empty();) {
      const std::string_view program = rest.substr(0, rest.find(','));
      use(program);
      rest.remove_prefix(std::min(program.size() + 1, rest.size()));
    }
  }
};

// What is known of a package or group; null for nothing. `manager` as in PackageManager::name. The answer
// lives as long as the program.
const RiskyPackage* risky_package(std::string_view manager, std::string_view name);

// Whether the package is one that `program` is installed with.
bool is_program_of(const RiskyPackage& package, std::string_view program);

// Packages of distributions that have the version of what is in them in their name.
struct ReleasePackage {
  std::string_view stem;  // "php" of php7.2-fpm
  bool dotted;            // only with a dot in the number: python3 is for ever, python3.7 is not
};

// Whether a package has such a name, so that another release of the distribution lacks it.
bool belongs_to_release(std::string_view package);

// Whether a name, of a stage or a script, says that it is for those who write the program, or test it:
// "dev", "unit-tests", "start:dev".
bool is_development(std::string_view name);

// How a package manager of a language installs what only those who write the program need; lists stand
// between commas.
struct DevelopmentInstall {
  std::string_view manager;
  std::string_view subcommands;  // that install what the project asks for
  std::string_view asked_by;     // options that ask for them; empty where they come unless refused
  std::string_view variables;    // NAME=GLOB: of the environment, that refuse them

  bool installs_by(std::string_view subcommand) const;
  bool is_asked_by(std::string_view option) const;
  // Calls `use(name, glob)` for each of the variables.
  template <class Use>
  void each_variable(Use use) const {
    for (std::string_view rest = variables; !rest.empty();) {
      const std::string_view part = rest.substr(0, rest.find(','));
      const std::size_t equals = part.find('=');
      use(part.substr(0, equals), part.substr(equals + 1));
      rest.remove_prefix(part.size() == rest.size() ? part.size() : part.size() + 1);
    }
  }
};

// Null for a manager that knows no such packages. The answer lives as long as the program.
const DevelopmentInstall* development_install(std::string_view manager);

}  // namespace bulkhead::facts
