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
  std::vector<Edit> removal;  // takes it away, and the instruction with it if nothing is left
};

// Those of `name` in ENV and ARG, which the commands of RUN see both, in order; behind ONBUILD too.
std::vector<VariableSetting> settings_of(const Document& document, std::string_view name);

// Reports each place where `name` gets exactly `value`, with a fix that takes it away.
void report_setting(const Document& document, Report& report, std::string_view name,
                    std::string_view value, std::string_view message);

}  // namespace bulkhead::rules
