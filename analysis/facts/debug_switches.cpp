#include "analysis/facts/debug_switches.h"

#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {

std::span<const DebugSwitch> debug_switches() {
  return tables::debug_switches;
}

bool is_on(const DebugSwitch& debug_switch, std::string_view value) {
  return matches_any_glob(debug_switch.values, lower_case(value));
}

}  // namespace bulkhead::facts
