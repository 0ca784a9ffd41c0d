#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/rules/secret_variables.h"

namespace bulkhead::rules {

// A secret that the shell of a RUN puts into a word.
struct HeldSecret {
  Span span;         // $NAME or $(cat /run/secrets/x) in the document; of a path the whole word
  std::string name;  // of the variable, or of the file
  // The ARG or ENV that it comes from; null for a secret mount.
  const SecretVariables::Exposed* declaration = nullptr;
};

// What a RUN knows of secrets: those of ARG and ENV, and those that are mounted.
class SecretFlow {
 public:
  SecretFlow(const SecretVariables& secrets, const Run& run);

  // The first secret in a word; through variables that the script has set as well.
  std::optional<HeldSecret> in(const std::vector<shell::Piece>& pieces) const;
  // Whether `path` is where a secret is mounted.
  bool is_mounted(std::string_view path) const;
  // The secret of this name in the environment of the RUN.
  std::optional<HeldSecret> variable(std::string_view name) const;
  const SecretVariables& secrets() const { return secrets_; }
  // Some secret in its environment, if there is one.
  std::optional<HeldSecret> any_variable() const;

 private:
  std::optional<HeldSecret> in(const std::vector<shell::Piece>& pieces, int depth) const;

  const SecretVariables& secrets_;
  Run run_;
  std::vector<std::string> variables_;  // that are mounted
  std::vector<std::string> paths_;      // with a target
};

// What a declaration makes, "a build argument", and what that means for a secret: "its value stays in the
// build's history".
std::string_view kind_of(const SecretVariables::Exposed& declaration);
std::string_view trace_of(const SecretVariables::Exposed& declaration);

}  // namespace bulkhead::rules
