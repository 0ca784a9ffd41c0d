#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"
#include "analysis/rules/exposed_ports.h"

namespace bulkhead::rules {
namespace {

void check(const Service& service, Report& report) {
  const yaml::Field* field = service.field("ports");
  const std::string image = image_of(service, report.context());
  for (const PublishedPort& port : service.ports()) {
    const facts::Port* found = published_administration(port, image);
    if (!found) continue;
    auto finding = report.at(port.node->span, subject(service) + " publishes " + described(*found));
    offer_removal(finding, service, *field, *port.node);
  }
}

}  // namespace

extern constinit const Rule compose_ssh_port{
    .id = "compose-ssh-port",
    .title = "Service that publishes a port of administration",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"sonar:S6473"},
    .why = R"(
SSH, Telnet, remote desktops and the interfaces of container engines are there to command a machine, and
are tried by machines all day long. A container needs none of them: `docker compose exec` gives a shell,
with the rights that Docker has checked.

The rule knows ports that little else listens on, and is silent where a port is published on the loopback address
alone (`127.0.0.1:2222:22`): then only this machine reaches it.

It is silent about images that are there to be logged in to, such as Git and SFTP servers. Ignore it for others that
are meant to.

The fix takes the port away. It is unsafe: somebody may use it.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    ports:
      - "443:443"
      - "2222:22"
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    ports:
      - "443:443"
)",
    .references = {"https://docs.docker.com/reference/cli/docker/compose/exec/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
