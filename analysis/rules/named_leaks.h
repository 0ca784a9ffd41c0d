#pragma once

#include <functional>
#include <string_view>

#include "analysis/rule.h"
#include "analysis/rules/context_leaks.h"

namespace bulkhead::rules {

// Reports of each folder that is copied by name into an image what lies in it and `is_meant` tells, with a fix
// that keeps it out; a warning where that is grave. `remark` is the end of the message. Silent where the build context is not known.
void report_named_leaks(
    const Document& document, Report& report,
    const std::function<bool(const BuildContext::Entry&, const facts::SensitiveFile&)>& is_meant,
    std::string_view remark = {});

}  // namespace bulkhead::rules
