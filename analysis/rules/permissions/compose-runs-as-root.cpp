#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"

namespace bulkhead::rules {
namespace {

void check(const Service& service, Report& report) {
  const yaml::Field* field = service.field("user");
  const auto user = field ? interpolate(field->value.text) : std::nullopt;
  if (!user) return;
  const std::string name = user->substr(0, user->find(':'));
  if (name != "root" && name != "0") return;
  auto finding =
      report.at(*field, subject(service) + " runs as root, whatever user its image has been given");
  offer_removal(finding, service, *field);
}

}  // namespace

extern constinit const Rule compose_runs_as_root{
    .id = "compose-runs-as-root",
    .title = "Service that runs as root",
    .category = Category::permissions,
    .severity = Severity::info,
    .why = R"(
`user: root` in a compose file wins over the `USER` of the Dockerfile: the care that was taken there is
lost. As root, one hole in the program is enough to change everything in the container, and one in the
kernel to leave it.

It often stands there because a volume belongs to root. Better let the image make the folder for its user,
or change the owner once.

The fix takes the field away, so that the image decides. It is unsafe: files that root has made in a volume
may then not be written any more. There is none where another `user` would come to light, from what is
merged into the service.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    build: .
    user: root
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    build: .
)",
    .references = {"https://docs.docker.com/reference/compose-file/services/#user"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
