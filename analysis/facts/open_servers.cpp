#include "analysis/facts/open_servers.h"

#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {

std::span<const OpenServer> open_servers() {
  return tables::open_servers;
}

bool is_open(const OpenServer& server, std::string_view value) {
  return !value.empty() && matches_any_glob(server.values, lower_case(value));
}

}  // namespace bulkhead::facts
