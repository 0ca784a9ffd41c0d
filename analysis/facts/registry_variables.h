#pragma once

#include <string_view>

// In which variables programs find credentials. Package managers find those of a registry by themselves, or
// because a configuration file of the project usually names them.
namespace bulkhead::facts {

struct CredentialVariables {
  std::string_view programs;   // globs between blanks
  std::string_view variables;  // the same
};

// Whether `program` looks for credentials in `variable`.
bool is_registry_variable(std::string_view program, std::string_view variable);
// Whether some program does.
bool is_registry_variable(std::string_view variable);

// The same for what other programs need, in a build as well as in a container: those of clouds and services.
bool is_credential_variable(std::string_view program, std::string_view variable);
bool is_credential_variable(std::string_view variable);

}  // namespace bulkhead::facts
