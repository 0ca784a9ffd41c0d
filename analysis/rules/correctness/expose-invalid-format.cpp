#include <fmt/format.h>

#include <string>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/ports.h"

namespace bulkhead::rules {
namespace {

void check(const Expose& expose, Report& report) {
  for (const Word& word : expose.words()) {
    for (const std::string& exposed_port : exposed(word)) {
      if (const auto fault = port_fault(exposed_port)) {
        if (fault->kind == PortFault::Kind::form)
          report.at(word, fmt::format("EXPOSE {} {}", exposed_port, fault->problem))
              .severity(fault_severity(expose));
        continue;
      }
      const auto port = container_port(exposed_port);
      if (!port) continue;
      auto finding =
          report.at(word, fmt::format("EXPOSE publishes no port on the host; of {} only {} counts",
                                      exposed_port, *port));
      if (!word.has_variable() && exposed(word).size() == 1)
        finding.fix(Safety::safe, fmt::format("Write {}", *port), replace(word, *port));
    }
  }
}

}  // namespace

extern constinit const Rule expose_invalid_format{
    .id = "expose-invalid-format",
    .title = "EXPOSE with a host's address or port",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"buildkit:ExposeInvalidFormat", "dockerfilelint:expose_host_port",
                "dockerfile-utils:INVALID_PORT", "dockerfile-utils:INVALID_PROTO"},
    .why = R"(
`EXPOSE` only notes on which ports the container listens. Where they appear on the host, `docker run -p` says; an
address or port of the host here is dropped. BuildKit warns of it, and has said that it will refuse it.

A protocol other than `tcp`, `udp` and `sctp` ends the build already, as does an address that is none; there it
is an error.
)",
    .bad = R"(
FROM nginx:1.30
EXPOSE 127.0.0.1:8080:80
)",
    .good = R"(
FROM nginx:1.30
EXPOSE 80
)",
    .references = {"https://docs.docker.com/reference/build-checks/expose-invalid-format/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
