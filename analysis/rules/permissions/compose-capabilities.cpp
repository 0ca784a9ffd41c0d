#include "analysis/facts/capabilities.h"
#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"

namespace bulkhead::rules {
namespace {

bool has_own_network(const Service& service) {
  const yaml::Node* mode = service.get("network_mode");
  return !mode || interpolate(mode->text) != "host";
}

void check(const Service& service, Report& report) {
  const yaml::Field* field = service.field("cap_add");
  if (!field || is_on(service, "privileged")) return;  // that has a rule, which says more
  for (const yaml::Node* item : field->value.scalars()) {
    const std::string name = interpolate(item->text).value_or("");
    const facts::Capability* capability = facts::dangerous_for_container(name);
    if (!capability) continue;
    const bool is_network = capability->name == "NET_ADMIN";
    const bool is_inside = is_network && has_own_network(service);
    auto finding = report.at(item->span, subject(service) + " gets " + name + ": it can " +
                                             std::string(capability->what) +
                                             (is_inside    ? " of its own network"
                                              : is_network ? " of the host"
                                                           : ""));
    if (is_inside) finding.severity(Severity::info);
    offer_removal(finding, service, *field, *item);
  }
}

}  // namespace

extern constinit const Rule compose_capabilities{
    .id = "compose-capabilities",
    .title = "Service with dangerous capabilities",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"kics-compose:container_capabilities_unrestricted", "owasp:3"},
    .why = R"(
A container starts with few of root's rights. `cap_add` gives some back, and with the ones that this rule
names a process can leave the container or harm the host.

The best list is `cap_drop: [ALL]` with the one or two that are needed, such as `NET_BIND_SERVICE`. Ignore
the rule where the service is there to do just that. `NET_ADMIN` is only an info in a service that has its own
network, as for a VPN: there it changes nothing of the host. Beside `privileged: true` the rule is silent, for that
gives all of them.

The fix takes the capability away. It is unsafe, for the service may stop working. Services that drop
nothing are not reported.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    cap_add:
      - NET_BIND_SERVICE
      - SYS_ADMIN
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    cap_add:
      - NET_BIND_SERVICE
)",
    .references = {"https://docs.docker.com/engine/security/#linux-kernel-capabilities",
                   "https://man7.org/linux/man-pages/man7/capabilities.7.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
