#include "analysis/rules/installed_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  if (!stage.is_shipped() || !is_for_production(stage)) return;
  each_risky(stage, report, facts::PackageKind::debug_tool, [&](const RiskyPackages& all) {
    const RiskyPackages found = all.without_used();
    if (found.packages.empty()) return;
    found.report(report, found.described() +
                             " in the image that is shipped, of more use to an intruder than to "
                             "the program");
  });
}

}  // namespace

extern constinit const Rule debug_tools_in_final_stage{
    .id = "debug-tools-in-final-stage",
    .title = "Editors, debuggers or network tools in what is shipped",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .aliases = {"cis:4.3", "dockle:CIS-DI-0003"},
    .why = R"(
Somebody who has got into a container looks around: `nmap` and `netcat` find and reach the neighbours, `tcpdump`
listens, `gdb` and `strace` read what other processes hold in memory, an editor changes what is there. What is
not installed has to be brought along first. Each such tool also has holes of its own that scanners report.

To look into a running container, start another one beside it that has the tools:
`docker run --rm -it --pid container:NAME --network container:NAME IMAGE`, `docker debug` or `kubectl debug`.

The rule looks at stages that may be shipped and start something. It is silent where the tool is what the
container starts, or is called in ENTRYPOINT, CMD or HEALTHCHECK; where it is removed again; and in stages
that are named for development or tests. Ignore it where a script that is copied in calls the tool, as `nc` to
wait for a database.

The fix takes the packages away. It is unsafe for the sake of such scripts.
)",
    .bad = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends nginx vim netcat-openbsd
CMD ["nginx", "-g", "daemon off;"]
)",
    .good = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends nginx
CMD ["nginx", "-g", "daemon off;"]
)",
    .references = {"https://docs.docker.com/build/building/best-practices/"
                   "#dont-install-unnecessary-packages",
                   "https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/"},
    .checks = each<check>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
