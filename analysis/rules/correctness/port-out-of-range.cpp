#include <fmt/format.h>

#include <string>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/ports.h"

namespace bulkhead::rules {
namespace {

void check(const Expose& expose, Report& report) {
  for (const Word& word : expose.words()) {
    for (const std::string& port : exposed(word)) {
      const auto fault = port_fault(port);
      if (!fault || fault->kind != PortFault::Kind::number) continue;
      const bool comment = word.text().starts_with('#');
      report
          .at(word, comment ? "A comment needs a line of its own; EXPOSE takes this for a port"
                            : fmt::format("EXPOSE {} {}", port, fault->problem))
          .severity(fault_severity(expose));
      // The words of the comment are no ports either.
      if (comment) return;
    }
  }
}

}  // namespace

extern constinit const Rule port_out_of_range{
    .id = "port-out-of-range",
    .title = "Port that does not exist",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"hadolint:DL3011", "trivy:DS-0008", "kics:unix_ports_out_of_range",
                "semgrep:invalid-port", "dockerfilelint:invalid_port",
                "dockerfile-utils:INVALID_PORT"},
    .why = R"(
`EXPOSE` takes port numbers from 0 to 65535, and ranges of them (`8000-8010`). The builder refuses everything else.
Words behind a `#` are ports, too: no comment can stand on that line.

The rule is silent where the port comes from a variable that only the build command or the base image knows.
)",
    .bad = R"(
FROM nginx:1.30
EXPOSE 80800
)",
    .good = R"(
FROM nginx:1.30
EXPOSE 8080
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#expose"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
