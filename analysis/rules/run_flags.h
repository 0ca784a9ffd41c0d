#pragma once

#include <string_view>

#include "analysis/rule.h"

namespace bulkhead::rules {

// Reports --`name`=`value` of `run`, with a fix that takes the flag away.
void report_flag(const Run& run, Report& report, std::string_view name, std::string_view value,
                 std::string_view message);

}  // namespace bulkhead::rules
