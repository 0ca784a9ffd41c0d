#include <fmt/format.h>

#include <algorithm>

#include "analysis/rules/exposed_ports.h"

namespace bulkhead::rules {
namespace {

constexpr unsigned many = 10;

void check(const Stage& stage, Report& report) {
  unsigned sum = 0;
  bool told = false;
  std::vector<Expose> all;
  for (const Expose& expose : stage.all<Expose>()) {
    for (const ExposedPorts& ports : exposed_ports(expose)) {
      sum += ports.count();
      if (ports.count() <= many) continue;
      told = true;
      report.at(ports.word, fmt::format("{} are {} ports: with -P all of them are published",
                                        ports.value.text, ports.count()));
    }
    all.push_back(expose);
  }
  if (told || sum <= many) return;
  auto finding =
      report.at(all.back().keyword(),
                fmt::format("This stage exposes {} ports: with -P all of them are published", sum));
  all.pop_back();
  for (const Expose& expose : all) finding.related(expose, "and these");
}

}  // namespace

extern constinit const Rule exposed_port_range{
    .id = "exposed-port-range",
    .title = "Many ports exposed",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .aliases = {},
    .why = R"(
`docker run -P` publishes every port that the image exposes, each on a port of the host. A range that was
written to be on the safe side opens what nobody has thought of; and each port costs a process of the
proxy.

The rule speaks of a range of more than 10 ports, and of a stage that exposes more than 10 in sum. There is
no fix, for only the author knows which ports are served. Ignore the finding where a protocol needs many,
such as the media ports of telephony.
)",
    .bad = R"(
FROM debian:13
EXPOSE 8000-9000
)",
    .good = R"(
FROM debian:13
EXPOSE 8000 8443
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#expose",
                   "https://docs.docker.com/engine/network/port-publishing/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
