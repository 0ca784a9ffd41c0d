#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  report_unpinned(command, report, "apk");
}

}  // namespace

extern constinit const Rule unpinned_apk_package{
    .id = "unpinned-apk-package",
    .title = "apk package without a version",
    .category = Category::reproducibility,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"hadolint:DL3018", "kics:unpinned_package_version_in_apk_add"},
    .why = R"(
`apk add nginx` takes what the repository of this release of Alpine holds when the build runs. Two builds of one
Dockerfile need not give the same program.

`nginx=1.28.0-r3` asks for one build of the package, `nginx~1.28` for any of that version. Alpine keeps only the
newest build, so that the first form breaks with every update; this is why the rule is off unless asked for,
and why it takes a range for an answer.

There is no fix, as the versions do not stand in the Dockerfile.
)",
    .bad = R"(
FROM alpine:3.23
RUN apk add --no-cache nginx
)",
    .good = R"(
FROM alpine:3.23
RUN apk add --no-cache nginx~1.28
)",
    .references = {"https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
