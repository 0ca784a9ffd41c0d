#include "analysis/rules/exposed_ports.h"

namespace bulkhead::rules {
namespace {

bool is_for_administrators(const facts::Port& port) {
  constexpr unsigned ssh = 22;  // has a rule of its own
  return facts::is_administration(port.kind) && port.risk >= facts::Risk::high &&
         port.number != ssh;
}

void check(const Expose& expose, Report& report) {
  constexpr unsigned widest = 100;
  report_ports(expose, report, widest, is_for_administrators);
}

}  // namespace

extern constinit const Rule admin_port_exposed{
    .id = "admin-port-exposed",
    .title = "Port of remote administration exposed",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"sonar:S6473"},
    .why = R"(
What listens on such a port is there to command a machine: a login (Telnet, rlogin, RDP, VNC, WinRM), an
application server's administration, or the interface of Docker or Kubernetes, through which whoever
reaches it starts containers as root. `EXPOSE` says that the image serves it, and `docker run -P` opens it
to the network.

Reach a container by `docker exec` or `kubectl exec`, and an administration by a tunnel. Ignore the finding
where this service is what the image is for, such as a desktop for tests or Docker in Docker; then let it
ask for certificates or a password, and do not publish the port.

SSH on port 22 has a rule of its own. A range of more than 100 ports holds any port by chance, and is
left alone. The fix takes the port away; it is unsafe, for somebody may rely on `-P`.
)",
    .bad = R"(
FROM debian:13
EXPOSE 80 3389
)",
    .good = R"(
FROM debian:13
EXPOSE 80
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#expose",
                   "https://docs.docker.com/engine/security/protect-access/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
