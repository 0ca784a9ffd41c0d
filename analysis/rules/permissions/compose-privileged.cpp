#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"

namespace bulkhead::rules {
namespace {

void check(const Service& service, Report& report) {
  if (!is_on(service, "privileged")) return;
  const yaml::Field* field = service.field("privileged");
  auto finding = report.at(*field, subject(service) +
                                       " runs privileged: with every right and every device of the "
                                       "host, nothing keeps it inside its container");
  offer_removal(finding, service, *field);
}

}  // namespace

extern constinit const Rule compose_privileged{
    .id = "compose-privileged",
    .title = "Service with all rights of the host",
    .category = Category::permissions,
    .severity = Severity::error,
    .aliases = {"kics-compose:privileged_containers_enabled"},
    .why = R"(
`privileged: true` gives a container all capabilities and all devices of the host, and switches seccomp,
AppArmor and SELinux off. Whoever gets into the service can mount the host's disk, and owns the host.

Nearly always one right is meant: a device (`devices:`), a capability (`cap_add:`), a folder. Ignore the
rule for what has to manage the host, such as Docker in Docker on a machine of its own.

The fix takes the field away. It is unsafe, for the service may have a need that has to be granted
otherwise.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    privileged: true
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
)",
    .references = {"https://docs.docker.com/reference/compose-file/services/#privileged"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
