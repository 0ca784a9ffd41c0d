#include <fmt/format.h>

#include "analysis/model/accounts.h"
#include "analysis/rules/exposed_ports.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  constexpr unsigned first_free = 1024;
  if (!stage.is_shipped()) return;
  const std::string user = account_of_process(stage);
  if (user.empty()) return;
  for (const Stage& at : stage.lineage()) {
    for (const Expose& expose : at.all<Expose>()) {
      for (const ExposedPorts& ports : exposed_ports(expose)) {
        if (ports.first >= first_free) continue;
        report.at(ports.word,
                  fmt::format("{} runs the process, and may not be allowed to listen on port {}",
                              user, ports.first));
      }
    }
  }
}

}  // namespace

extern constinit const Rule privileged_port{
    .id = "privileged-port",
    .title = "A port below 1024 for a user that is not root",
    .category = Category::permissions,
    .severity = Severity::info,
    .enabled = false,
    .aliases = {"kics-compose:privileged_ports_mapped_in_container"},
    .why = R"(
On Linux only root may listen on a port below 1024, unless the capability `NET_BIND_SERVICE` or the setting
`net.ipv4.ip_unprivileged_port_start` says otherwise. Docker has set the latter in its containers since
20.10; Kubernetes and rootless Podman may not, and there the process ends at its start. The quick way out
is often to run it as root again.

Let the server listen on a port such as 8080, and publish it as 80. There is no fix, for the port is set in
the server's own configuration. The rule is off unless asked for: on Docker nothing is wrong.
)",
    .bad = R"(
FROM node:26
EXPOSE 80
USER node
CMD ["node", "server.js"]
)",
    .good = R"(
FROM node:26
EXPOSE 8080
USER node
CMD ["node", "server.js"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#expose"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
