#include "analysis/facts/tls_switches.h"

#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {

std::span<const TlsSwitch> tls_switches() {
  return tables::tls_switches;
}

bool is_off(const TlsSwitch& tls_switch, std::string_view value) {
  return !value.empty() && matches_any_glob(tls_switch.values, lower_case(value));
}

}  // namespace bulkhead::facts
