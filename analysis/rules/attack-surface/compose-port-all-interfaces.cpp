#include <fmt/format.h>

#include <algorithm>

#include "analysis/facts/ports.h"
#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"

namespace bulkhead::rules {
namespace {

// What listens there, if it is meant for the other services of the file rather than for the world.
const facts::Port* private_service(unsigned number, bool udp) {
  const facts::Port* found = facts::known_port(number, udp);
  if (!found) return nullptr;
  switch (found->kind) {
    case facts::PortKind::clear_text:
    case facts::PortKind::container_api:
    case facts::PortKind::database:
    case facts::PortKind::debug:
    case facts::PortKind::file_share:
    case facts::PortKind::remote_admin:
    case facts::PortKind::remote_desktop:
    case facts::PortKind::web_admin:
      return found;
    case facts::PortKind::development:
    case facts::PortKind::infrastructure:
    case facts::PortKind::mail:
    case facts::PortKind::proxy:
    case facts::PortKind::web:
      return nullptr;
  }
  return nullptr;
}

bool is_everywhere(std::string_view host) {
  return host.empty() || host == "0.0.0.0" || host == "::" || host == "[::]";
}

void check(const Service& service, Report& report) {
  for (const PublishedPort& port : service.ports()) {
    if (!is_everywhere(port.host) || !port.published) continue;
    // One of many ports need not be what commonly listens there.
    constexpr std::uint32_t few = 32;
    const std::uint32_t last = std::min(port.target.last, port.target.first + few);
    std::uint32_t number = port.target.first;
    const facts::Port* known = private_service(number, port.protocol == "udp");
    while (!known && number < last) known = private_service(++number, port.protocol == "udp");
    if (!known) continue;
    const yaml::Node& node = *port.node;
    auto finding = report.at(
        node.span,
        fmt::format("{} publishes {} ({}) on all interfaces, past most firewalls", subject(service),
                    port.published->first + (number - port.target.first), known->service));
    // In the short form an address may be put in front, behind a quote.
    if (node.kind != yaml::Node::Kind::scalar || !port.host.empty()) continue;
    const std::uint32_t at = node.span.begin + (node.plain ? 0 : 1);
    if (service.file().text().substr(at).starts_with(node.text)) {
      finding.fix(Safety::unsafe, "Publish it on 127.0.0.1 only",
                  replace(Span{at, at}, "127.0.0.1:"));
    }
  }
}

}  // namespace

extern constinit const Rule compose_port_all_interfaces{
    .id = "compose-port-all-interfaces",
    .title = "Database or administration published on all interfaces",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .aliases = {"kics-compose:container_traffic_not_bound_to_host_interface", "owasp:5"},
    .why = R"(
`"5432:5432"` opens the port on every address of the machine, on the WLAN of a café as well. Docker writes
its own rules for the firewall, and those of `ufw` do not hold for it.

With `127.0.0.1:` in front, the port is for this machine alone. Services of one compose file reach one
another without any published port. Only ports that are known for databases, administration, debuggers and
the like are reported; a web server is meant for the world.

The fix puts the address in front. It is unsafe: others may be meant to reach the port.
)",
    .bad = R"(
-- compose.yaml --
services:
  db:
    image: postgres:18
    ports:
      - "5432:5432"
)",
    .good = R"(
-- compose.yaml --
services:
  db:
    image: postgres:18
    ports:
      - "127.0.0.1:5432:5432"
)",
    .references = {"https://docs.docker.com/engine/network/packet-filtering-firewalls/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
