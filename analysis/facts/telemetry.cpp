#include "analysis/facts/telemetry.h"

#include "analysis/facts/tables.h"

namespace bulkhead::facts {

std::span<const TelemetrySwitch> telemetry_switches() {
  return tables::telemetry_switches;
}

}  // namespace bulkhead::facts
