#include <fmt/format.h>

#include <algorithm>

#include "analysis/facts/image_purposes.h"
#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"
#include "analysis/rules/exposed_ports.h"

namespace bulkhead::rules {
namespace {

// What commonly listens there, if it is meant for the other services of the file rather than for the world.
const facts::Port* private_service(unsigned number, bool udp, std::string_view image) {
  const facts::Port* found = facts::known_port(number, udp);
  if (!found || facts::offers_port(image, number)) return nullptr;
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

// Whether the image need not be that service: many use these numbers.
bool is_guess(facts::PortKind kind) {
  return kind == facts::PortKind::debug || kind == facts::PortKind::web_admin ||
         kind == facts::PortKind::container_api || facts::is_administration(kind);
}

// The ports of the web are meant for the world, whoever answers.
bool is_web(const PortRange& published) {
  return published.first == published.last && (published.first == 80 || published.first == 443);
}

void check(const Service& service, Report& report) {
  const std::string image = image_of(service, report.context());
  for (const PublishedPort& port : service.ports()) {
    if (!is_everywhere(port.host) || !(port.any_free || port.published)) continue;
    if (port.published && is_web(*port.published)) continue;
    if (published_administration(port, image)) continue;  // its own rule says so
    const bool udp = port.protocol == "udp";
    // One of many ports need not be what commonly listens there.
    constexpr std::uint32_t few = 32;
    const std::uint32_t last = std::min(port.target.last, port.target.first + few);
    std::uint32_t number = port.target.first;
    const facts::Port* known = private_service(number, udp, image);
    while (!known && number < last) known = private_service(++number, udp, image);
    if (!known) continue;
    const yaml::Node& node = *port.node;
    const std::uint32_t first = port.published ? port.published->first : port.target.first;
    auto finding = report.at(
        node.span, fmt::format("{} publishes {} ({}{}) {}on all interfaces, past most firewalls",
                               subject(service), first + (number - port.target.first),
                               is_guess(known->kind) ? "often " : "", known->service,
                               port.published ? "" : "as any free port "));
    // In the short form an address may be put in front, behind a quote.
    if (node.kind != yaml::Node::Kind::scalar || !port.host.empty()) continue;
    const std::uint32_t at = node.span.begin + (node.plain ? 0 : 1);
    if (service.file().text().substr(at).starts_with(node.text)) {
      finding.fix(Safety::unsafe, "Publish it on 127.0.0.1 only",
                  replace(Span{at, at}, port.published ? "127.0.0.1:" : "127.0.0.1::"));
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

So does `"5432"` alone, with any port of the machine that is free.

With `127.0.0.1:` in front, the port is for this machine alone. Services of one compose file reach one
another without any published port. Only ports that are known for databases, administration, debuggers and
the like are reported; a web server is meant for the world, and so is what is published on 80 or 443. The port of
an image that is known to offer something else there is not.

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
