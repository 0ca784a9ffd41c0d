#include "analysis/rules/run_flags.h"

#include <fmt/format.h>

namespace bulkhead::rules {

void report_flag(const Run& run, Report& report, std::string_view name, std::string_view value,
                 std::string_view message) {
  for (const Flag& flag : run.flags()) {
    const auto given = flag.value();
    if (flag.name().text() != name || !given || given->text() != value) continue;
    report.at(flag, std::string(message))
        .fix(Safety::unsafe, fmt::format("Leave --{}={} out", name, value), remove(run, flag));
  }
}

}  // namespace bulkhead::rules
