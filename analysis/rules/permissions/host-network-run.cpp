#include "analysis/rules/run_flags.h"

namespace bulkhead::rules {
namespace {

void check(const Run& run, Report& report) {
  report_flag(
      run, report, "network", "host",
      "This step shares the network of the machine that builds, its local services included");
}

}  // namespace

extern constinit const Rule host_network_run{
    .id = "host-network-run",
    .title = "A build step in the host's network",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"sonar:S6431", "kics-compose:shared_host_network_namespace"},
    .why = R"(
With `RUN --network=host` the step sees what listens on the builder's loopback interface: databases, proxies,
the metadata of a cloud with its credentials, the interface of Docker. A script of a package that is
installed there can talk to all of it. The build also depends on the machine it runs on.

The builder refuses it unless it has the entitlement `network.host`. Ordinary steps have a network of their
own that reaches the internet; a service that is needed can be given an address there.

The fix takes the flag away. It is unsafe: the step may ask a service of the host.
)",
    .bad = R"(
FROM debian:13
RUN --network=host curl -fsSO http://localhost:8081/app.tar.gz
)",
    .good = R"(
FROM debian:13
RUN curl -fsSO http://localhost:8081/app.tar.gz
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#run---network"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
