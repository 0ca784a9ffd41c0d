#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"
#include "analysis/rules/exposed_ports.h"

namespace bulkhead::rules {
namespace {

// What the stage `target` (empty: the last one) and those that it is built on expose; none where not
// all of it is known.
std::optional<std::vector<ExposedPorts>> exposed_by(const Document& document,
                                                    std::string_view target) {
  const auto stages = document.stages();
  if (stages.empty()) return std::nullopt;
  const auto stage = target.empty() ? std::optional(stages.back()) : document.stage(target);
  if (!stage) return std::nullopt;
  std::vector<ExposedPorts> all;
  for (const Stage& part : stage->lineage()) {
    for (const Expose& expose : part.all<Expose>()) {
      const auto ports = exposed_ports(expose);
      if (ports.size() != expose.words().size()) return std::nullopt;
      all.insert(all.end(), ports.begin(), ports.end());
    }
  }
  return all;
}

PortRange range_of(const ExposedPorts& ports) {
  return {ports.first, ports.last};
}

std::string name(const PortRange& range) {
  return range.first == range.last ? std::to_string(range.first)
                                   : fmt::format("{}-{}", range.first, range.last);
}

bool is_exposed(const PortRange& range, const std::vector<ExposedPorts>& exposed) {
  return std::ranges::any_of(
      exposed, [&](const ExposedPorts& ports) { return range_of(ports).covers(range); });
}

// In the compose file: a port that the image does not say it listens on. An image that names no port
// at all says nothing.
void check_service(const Service& service, Report& report) {
  for (const BuiltImage& image : report.context().builds) {
    if (image.service != service.name()) continue;
    const auto exposed = exposed_by(*image.dockerfile, image.target);
    if (!exposed || exposed->empty()) continue;
    std::vector<std::string> names;
    for (const ExposedPorts& ports : *exposed) names.push_back(name(range_of(ports)));
    for (const PublishedPort& port : service.ports()) {
      if (is_exposed(port.target, *exposed)) continue;
      report.at(
          port.node->span,
          fmt::format("{} publishes port {} of its container, but {} exposes {}", subject(service),
                      name(port.target), image.file, fmt::join(names, ", ")));
    }
  }
}

// In the Dockerfile: a port that nobody publishes, while one is published that is not exposed. Ports
// that only other services use are exposed and not published, rightly.
void check_dockerfile(const Document& document, Report& report) {
  for (const BuildingService& service : report.context().built_by) {
    const auto exposed = exposed_by(document, service.target);
    if (!exposed) continue;
    std::vector<PortRange> missing = service.ports;
    std::erase_if(missing, [&](const PortRange& port) { return is_exposed(port, *exposed); });
    if (missing.empty()) continue;
    for (const ExposedPorts& ports : *exposed) {
      const bool published = std::ranges::any_of(service.ports, [&](const PortRange& port) {
        return port.contains(ports.first) || range_of(ports).covers(port);
      });
      if (published) continue;
      auto finding = report.at(
          ports.word,
          fmt::format("{} publishes port {} of this image as service {}, not {}", service.file,
                      name(missing.front()), service.name, name(range_of(ports))));
      if (missing.size() == 1 && exposed->size() == 1 && ports.value.variables.empty()) {
        const std::string port = name(missing.front());
        finding.fix(Safety::unsafe, "Expose " + port,
                    replace(ports.word, ports.udp ? port + "/udp" : port));
      }
    }
  }
}

}  // namespace

extern constinit const Rule expose_compose_mismatch{
    .id = "expose-compose-mismatch",
    .title = "Compose file and Dockerfile disagree on ports",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {},
    .why = R"(
`EXPOSE` says where the program in the image listens; `ports` of a compose file says which of these ports
the world may reach. If one is published that is not exposed, one of the two is out of date: either nobody
answers there, or something does that nobody has thought of, such as a debugger.

The rule looks at compose files in the folder of the Dockerfile and above it, up to the root of the
repository, and at the services that build this very file. It is silent where a Dockerfile exposes nothing,
where a port hangs on a variable without a default, and about ports that are exposed and not published:
other services may use them.

The fix, where one port stands against one other, is in the Dockerfile. It is unsafe, for it may be the
compose file that is wrong.
)",
    .bad = R"(
FROM example/base:1
EXPOSE 3000
-- compose.yaml --
services:
  web:
    build: .
    ports:
      - "8080:8080"
)",
    .good = R"(
FROM example/base:1
EXPOSE 8080
-- compose.yaml --
services:
  web:
    build: .
    ports:
      - "8080:8080"
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#expose",
                   "https://docs.docker.com/reference/compose-file/services/#ports"},
    .checks = each<check_service, check_dockerfile>,
};

}  // namespace bulkhead::rules
