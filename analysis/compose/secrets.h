#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/compose/compose.h"

// Secrets in compose files: `NAME: value` and `NAME=value` in lists of variables, and `secrets:`.
namespace bulkhead {

// A variable in `environment` or in `build.args`.
struct ComposeVariable {
  std::string name;
  Span span = {};       // of all of it
  Span name_span = {};  // of the key of a mapping
  std::optional<std::string> value =
      {};  // as written; none where it is handed on from whoever calls compose
  const yaml::Node* node = nullptr;  // the value of a mapping, the item of a list
  bool in_list = false;
};

// Those of a mapping or a list.
std::vector<ComposeVariable> variables_of(const yaml::Node& node);

// Whether such a mapping or list says something of the variable `name`, be it by an alias or a merge.
bool names_variable(const yaml::Node& list, std::string_view name);

// A secret to declare at the top of the file.
struct NewSecret {
  std::string id;
  // The variable of whoever calls compose that has the value; empty: a file beside the compose file has it.
  std::string variable = {};
};

// Gives the secret to `mapping` (a service, or its `build`): lines under `secrets` in there, above its field
// `above`, and at the top of the file. None where the layout does not permit it, or others share these lines.
std::optional<std::vector<TextEdit>> grant_secret(const ComposeFile& file,
                                                  const yaml::Node& mapping,
                                                  const yaml::Field& above,
                                                  const NewSecret& secret);

}  // namespace bulkhead
