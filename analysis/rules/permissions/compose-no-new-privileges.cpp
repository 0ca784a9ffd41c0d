#include <array>

#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"

namespace bulkhead::rules {
namespace {

struct Option {
  std::string_view text;
  std::string_view what;
};
constexpr std::array options{
    Option{"seccomp:unconfined", "may make any call to the kernel, those too that nobody needs"},
    Option{"seccomp=unconfined", "may make any call to the kernel, those too that nobody needs"},
    Option{"apparmor:unconfined", "runs without the rules of AppArmor"},
    Option{"apparmor=unconfined", "runs without the rules of AppArmor"},
    Option{"systempaths=unconfined", "sees and changes settings of the kernel in /proc and /sys"},
    Option{"label:disable", "runs without the rules of SELinux"},
    Option{"label=disable", "runs without the rules of SELinux"},
    Option{"no-new-privileges:false", "may gain rights by programs with the setuid bit"},
    Option{"no-new-privileges=false", "may gain rights by programs with the setuid bit"},
};

void check(const Service& service, Report& report) {
  const yaml::Field* field = service.field("security_opt");
  if (!field) return;
  for (const yaml::Node* item : field->value.scalars()) {
    for (const Option& option : options) {
      if (interpolate(item->text) != option.text) continue;
      auto finding = report.at(item->span, subject(service) + " " + std::string(option.what) +
                                               ": " + std::string(option.text));
      offer_removal(finding, service, *field, *item);
    }
  }
}

}  // namespace

extern constinit const Rule compose_no_new_privileges{
    .id = "compose-no-new-privileges",
    .title = "Service without the usual confinement",
    .category = Category::permissions,
    .severity = Severity::hint,
    .aliases = {"kics-compose:no_new_privileges_not_set", "kics-compose:security_opt_not_set",
                "kics-compose:default_seccomp_profile_disabled", "owasp:4", "owasp:6",
                "semgrep:no-new-privileges", "semgrep:seccomp-confinement-disabled",
                "semgrep:selinux-separation-disabled"},
    .why = R"(
The default profiles of seccomp, AppArmor and SELinux forbid what containers have no use for; several holes
in the kernel could not be used from a container because of them. `security_opt` here switches one off, or
allows what is forbidden by default.

A profile of one's own that allows the one call that is missing (`seccomp:profile.json`) is nearly always
enough. Ignore the rule for debuggers and profilers. A service that merely lacks
`no-new-privileges:true` is not reported, though it is good to have.

The fix takes the option away. It is unsafe, for the service may stop working.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    security_opt:
      - no-new-privileges:true
      - seccomp:unconfined
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    security_opt:
      - no-new-privileges:true
)",
    .references = {"https://docs.docker.com/engine/security/seccomp/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
