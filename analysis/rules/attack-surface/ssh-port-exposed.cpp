#include "analysis/rules/exposed_ports.h"

namespace bulkhead::rules {
namespace {

void check(const Expose& expose, Report& report) {
  constexpr unsigned widest = 65535;  // few other things are served below 1024
  report_ports(expose, report, widest, [](const facts::Port& port) { return port.number == 22; });
}

}  // namespace

extern constinit const Rule ssh_port_exposed{
    .id = "ssh-port-exposed",
    .title = "SSH port exposed",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"trivy:DS-0004", "checkov:CKV_DOCKER_1", "kics:exposing_port_22", "sonar:S6473"},
    .why = R"(
A login server in a container is one more way in: another daemon to patch, running as root, with keys or
passwords that have to be in the image. To look into a container there is `docker exec` and
`kubectl exec`, with the access control and the log of the platform.

Where the container's purpose is SSH (a Git server, a bastion), let the server listen on a high port as
an ordinary user, or ignore the finding. The fix takes the port away from `EXPOSE` and leaves the server;
it is unsafe, for somebody may publish the port by `docker run -P`.
)",
    .bad = R"(
FROM debian:13
EXPOSE 22 8080
)",
    .good = R"(
FROM debian:13
EXPOSE 8080
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#expose"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
