#include "analysis/facts/image_purposes.h"
#include "analysis/facts/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"

namespace bulkhead::rules {
namespace {

void check(const Service& service, Report& report) {
  if (facts::filters_socket(image_of(service, report.context()))) return;
  const auto tell = [&](Span place, std::string_view engine) {
    report.at(place, subject(service) + " gets the socket of " + std::string(engine) +
                         ": whoever gets into it can start containers as root on the host");
  };
  if (is_on(service, "use_api_socket")) tell(service.field("use_api_socket")->span(), "Docker");
  for (const ServiceMount& mount : service.mounts()) {
    const facts::SystemPath* path = facts::system_path(host_path(mount));
    if (path && path->kind == facts::PathKind::socket) tell(mount.node->span, path->what);
  }
}

}  // namespace

extern constinit const Rule compose_docker_socket{
    .id = "compose-docker-socket",
    .title = "Service with the socket of the container engine",
    .category = Category::permissions,
    .severity = Severity::error,
    .aliases = {"kics-compose:docker_socket_mounted_in_container"},
    .why = R"(
Who may write to `/var/run/docker.sock` may start a container that mounts the whole disk of the host: it
is root there. `:ro` is no help, for it makes the file of the socket read-only, not what goes through it.
`use_api_socket: true` gives the socket too, with the credentials of whoever calls compose.

There is no fix by pressing a key, since a service with this mount has been built to use it. A proxy that
lets only some questions through (containers listed, nothing started) is what most reverse proxies and
dashboards need; the rule is silent about images of such proxies. Ignore it where managing containers is the service's purpose and nobody else can
reach it.
)",
    .bad = R"(
-- compose.yaml --
services:
  dashboard:
    image: example/dashboard:1
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
)",
    .good = R"(
-- compose.yaml --
services:
  dashboard:
    image: example/dashboard:1
    environment:
      DOCKER_HOST: tcp://socket-proxy:2375
)",
    .references = {"https://docs.docker.com/engine/security/protect-access/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
