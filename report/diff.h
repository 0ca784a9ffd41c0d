#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/style.h"

namespace bulkhead::report {

struct DiffOptions {
  std::string_view before_name;  // behind ---; /dev/null for a file that is new
  std::string_view after_name;   // behind +++
  std::size_t context = 3;       // unchanged lines shown around a change
};

// The change from one text to another as a unified diff, which patch(1) and git apply take; empty
// when they are equal. Lines end with LF, and their bytes are shown as they are. By Myers' greedy
// method (An O(ND) Difference Algorithm, 1986), so as short as can be; texts that differ in
// thousands of lines are told as one replacement of what lies between their common start and end.
std::string unified_diff(std::string_view before, std::string_view after,
                         const DiffOptions& options, const Style& style = {});

}  // namespace bulkhead::report
