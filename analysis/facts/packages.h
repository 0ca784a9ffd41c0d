#pragma once

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
};

// What is known of a package or group; null for nothing. `manager` as in PackageManager::name. The answer
// lives as long as the program.
const RiskyPackage* risky_package(std::string_view manager, std::string_view name);

// Whether the package is one that `program` is installed with.
bool is_program_of(const RiskyPackage& package, std::string_view program);

// Whether the name of a stage says that it is for those who write the program, or test it: "dev",
// "unit-tests".
bool is_development(std::string_view stage);

}  // namespace bulkhead::facts
