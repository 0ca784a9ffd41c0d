#include "analysis/facts/ports.h"

#include <algorithm>

#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const Port* known_port(unsigned number, bool udp) {
  const auto found = std::ranges::find_if(tables::ports, [&](const Port& port) {
    return port.number == number && (udp ? port.udp : port.tcp);
  });
  return found == tables::ports.end() ? nullptr : &*found;
}

}  // namespace bulkhead::facts
