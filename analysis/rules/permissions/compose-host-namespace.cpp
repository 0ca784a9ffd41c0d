#include <array>

#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"

namespace bulkhead::rules {
namespace {

struct Namespace {
  std::string_view key;
  std::string_view what;  // "shares the host's <what>"
};
constexpr std::array namespaces{
    Namespace{"network_mode",
              "network: it reaches what listens on 127.0.0.1 there, and opens ports of its own"},
    Namespace{"pid", "processes: it sees what they are called with, and can end them"},
    Namespace{"ipc", "shared memory, in which other processes keep their data"},
    Namespace{"userns_mode", "users: root in the container is root outside"},
    Namespace{"uts", "name, which it can change"},
    Namespace{"cgroup", "control groups, with the limits of all other processes"},
};

void check(const Service& service, Report& report) {
  for (const auto& [key, what] : namespaces) {
    const yaml::Field* field = service.field(key);
    if (!field || interpolate(field->value.text) != "host") continue;
    auto finding = report.at(*field, subject(service) + " shares the host's " + std::string(what));
    offer_removal(finding, service, *field);
  }
}

}  // namespace

extern constinit const Rule compose_host_namespace{
    .id = "compose-host-namespace",
    .title = "Service that shares a namespace with the host",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"kics-compose:shared_host_network_namespace",
                "kics-compose:host_namespace_is_shared", "kics-compose:shared_host_ipc_namespace",
                "kics-compose:shared_host_user_namespace", "kics-compose:cgroup_not_default",
                "sonar:S6431"},
    .why = R"(
Namespaces are the walls of a container. `network_mode: host`, `pid: host`, `ipc: host`,
`userns_mode: host`, `uts: host` and `cgroup: host` each take one of them down.

Publish ports instead of taking the host's network; join the namespace of one other service
(`network_mode: service:db`) instead of the host's. Ignore the rule for what watches the host by purpose,
such as a collector of metrics.

The fix takes the field away. It is unsafe: other services then reach this one in another way.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    pid: host
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
)",
    .references = {"https://docs.docker.com/reference/compose-file/services/#network_mode",
                   "https://docs.docker.com/reference/compose-file/services/#pid"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
