#include "analysis/facts/paths.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Workdir& workdir, Report& report) {
  const auto stage = workdir.stage();
  if (!stage || workdir.words().empty()) return;
  const Word word = workdir.words().front();
  const Value value = word.value();
  const Value folder = joined(stage->state_before(workdir.index()).folder, value);
  const facts::SystemPath* known = folder.known ? facts::system_path(folder.text) : nullptr;
  if (!known || known->kind != facts::PathKind::kernel) return;
  report
      .at(word, folder.text + " is no place to work in: " + std::string(known->path) + " is for " +
                    std::string(known->what))
      .origins(workdir, value.variables, "the path comes from here");
}

}  // namespace

extern constinit const Rule workdir_system_dir{
    .id = "workdir-system-dir",
    .title = "Working directory among the files of the kernel",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"trivy:DS-0030"},
    .why = R"(
`/proc`, `/sys` and `/dev` are mounted afresh in each container: what a build writes there is gone, or is not
written at all. A process that starts there has the switches of the kernel at hand by relative names, and
some flaws of container runtimes were reached by just such a working directory (CVE-2024-21626 with
`/proc/self/fd/8`). `/boot` and `/lost+found` belong to the system.

Use a folder of the application, such as `/app`. There is no fix, for paths elsewhere in the file and in the
program may depend on it. `/dev/shm` is left alone.
)",
    .bad = R"(
FROM debian:13
WORKDIR /proc/self/fd/8
)",
    .good = R"(
FROM debian:13
WORKDIR /app
)",
    .references =
        {"https://docs.docker.com/reference/dockerfile/#workdir",
         "https://github.com/opencontainers/runc/security/advisories/GHSA-xr7r-f8xq-vfvv"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
