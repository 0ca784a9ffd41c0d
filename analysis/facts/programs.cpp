#include "analysis/facts/programs.h"

#include <algorithm>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const SlimLack* slim_lacks(std::string_view program) {
  const auto found = std::ranges::find(tables::slim_lacks, program, &SlimLack::program);
  return found == tables::slim_lacks.end() ? nullptr : &*found;
}

const RemoteServer* remote_server(std::string_view program) {
  const auto found = std::ranges::find(tables::remote_servers, program, &RemoteServer::program);
  return found == tables::remote_servers.end() ? nullptr : &*found;
}

const RemoteServer* remote_service(std::string_view service) {
  if (service.ends_with(".service")) service.remove_suffix(8);
  if (service.empty()) return nullptr;
  const auto found = std::ranges::find_if(tables::remote_servers, [&](const RemoteServer& server) {
    return any_part(server.services, ',', [&](auto name) { return name == service; });
  });
  return found == tables::remote_servers.end() ? nullptr : &*found;
}

}  // namespace bulkhead::facts
