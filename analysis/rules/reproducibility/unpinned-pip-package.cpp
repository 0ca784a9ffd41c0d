#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  report_unpinned(command, report, "pip pipx uv");
}

}  // namespace

extern constinit const Rule unpinned_pip_package{
    .id = "unpinned-pip-package",
    .title = "Python package without a version",
    .category = Category::reproducibility,
    .severity = Severity::info,
    .aliases = {"hadolint:DL3013", "kics:unpinned_package_version_in_pip_install", "slim:ID.20018"},
    .why = R"(
`pip install flask` runs whatever was uploaded to the index last. A release that breaks something reaches the
image with the next build, and so does one that somebody uploaded with a stolen password: most such releases
are found and taken down within days, and a version that is written down is never among them.

Write `flask==3.1.2`, or better list all packages in a file with hashes:
`pip install --require-hashes -r requirements.txt` (`uv pip compile --generate-hashes` and pip-tools make one).

A Git repository (`git+https://...`) without `@` and a commit or a tag comes as its main branch is on that day.

The rule is silent where a range is given, a file of constraints (`-c`, `PIP_CONSTRAINT`), the URL of an archive or a
path. Ignore it for tools that only the build uses. There is no fix: the versions stand in the index.
)",
    .bad = R"(
FROM python:3.14-slim
RUN pip install --no-cache-dir flask gunicorn
)",
    .good = R"(
FROM python:3.14-slim
RUN pip install --no-cache-dir flask==3.1.2 gunicorn==23.0.0
)",
    .references = {"https://pip.pypa.io/en/stable/topics/secure-installs/"},
    .checks = each<check>,
    .environment = {"PIP_CONSTRAINT", "UV_CONSTRAINT"},
};

}  // namespace bulkhead::rules
