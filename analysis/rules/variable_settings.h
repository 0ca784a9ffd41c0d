#pragma once

#include <string_view>
#include <vector>

#include "analysis/rule.h"

namespace bulkhead::rules {

// A place where a Dockerfile gives an environment variable a value.
struct VariableSetting {
  Instruction instruction;
  Span place;  // of name and value
  Value value;
  // Takes it away, and the instruction or command with it if nothing is left; none where that cannot be
  // done.
  std::vector<Edit> removal;
};

// Whether the instruction gives any variable a value, for who asks for many names.
bool may_set_variables(const Report& report, const Instruction& instruction);

// Those of `name` in ENV or ARG, which the commands of RUN see both, or in commands: `NAME=value program`,
// `env NAME=value program`, `export NAME=value`. In order.
std::vector<VariableSetting> settings_of(const Report& report, const Instruction& instruction,
                                         std::string_view name);

// Reports one of `name`: "With NAME=VALUE `fault`: `consequence`", with a fix that takes it away.
void tell_setting(VariableSetting setting, Report& report, std::string_view name,
                  std::string_view fault, std::string_view consequence);

// Reports each place where `name` gets exactly `value`, in the same way.
void report_setting(const Instruction& instruction, Report& report, std::string_view name,
                    std::string_view value, std::string_view fault, std::string_view consequence);

}  // namespace bulkhead::rules
