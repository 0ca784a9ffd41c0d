#include <algorithm>

#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"

namespace bulkhead::rules {
namespace {

void check(const Service& service, Report& report) {
  const auto is_read_only = [](const Service& other) { return other.get("read_only") != nullptr; };
  if (service.extends_unknown() ||
      std::ranges::any_of(namesakes(service, report.context()), is_read_only))
    return;
  if (const yaml::Node* read_only = service.get("read_only")) {
    yaml::Node value = *read_only;
    value.text = interpolate(read_only->text).value_or("");
    if (!value.is(false)) return;
  }
  report.at(service, subject(service) +
                         " can write to its whole file system, and so can whoever gets into it");
}

}  // namespace

extern constinit const Rule compose_writable_filesystem{
    .id = "compose-writable-filesystem",
    .title = "Service with a file system that it can write to",
    .category = Category::permissions,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"owasp:8", "semgrep:writable-filesystem-service"},
    .why = R"(
With `read_only: true` nobody who gets into a service can leave a program there or change one. Folders that
the process does write to get a volume or a `tmpfs`.

It is silent where another compose file in the folder, which may be merged with this one, says something of it.

There is no fix: which folders those are only the program knows. The rule is off by default, for most
services of a compose file are run on the machine of a developer.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    read_only: true
    tmpfs: [/tmp]
)",
    .references = {"https://docs.docker.com/reference/compose-file/services/#read_only"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
