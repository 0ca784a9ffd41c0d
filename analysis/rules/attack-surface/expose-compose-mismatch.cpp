#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"
#include "analysis/rules/exposed_ports.h"

namespace bulkhead::rules {
namespace {

// The stage `target`; empty: the last one.
std::optional<Stage> stage_of(const Document& document, std::string_view target) {
  const auto stages = document.stages();
  if (stages.empty()) return std::nullopt;
  return target.empty() ? std::optional(stages.back()) : document.stage(target);
}

// What the stage and those that it is built on expose; none where not all of it is known: a build with
// arguments may give a variable any value.
std::optional<std::vector<ExposedPorts>> exposed_by(const Stage& stage, bool has_arguments) {
  std::vector<ExposedPorts> all;
  for (const Stage& part : stage.lineage()) {
    for (const Expose& expose : part.all<Expose>()) {
      const auto ports = exposed_ports(expose);
      if (ports.size() != expose.words().size()) return std::nullopt;
      if (has_arguments && std::ranges::any_of(ports, [](const ExposedPorts& each) {
            return !each.value.variables.empty();
          }))
        return std::nullopt;
      all.insert(all.end(), ports.begin(), ports.end());
    }
  }
  return all;
}

using Port = BuildingService::Port;

Port port_of(const ExposedPorts& ports) {
  return {{ports.first, ports.last}, ports.udp ? "udp" : "tcp"};
}

std::string name(const Port& port) {
  std::string name = std::to_string(port.range.first);
  if (port.range.first != port.range.last) name += "-" + std::to_string(port.range.last);
  return port.protocol == "tcp" ? name : name + "/" + port.protocol;
}

bool is_exposed(const Port& port, const std::vector<ExposedPorts>& exposed) {
  return std::ranges::any_of(exposed, [&](const ExposedPorts& ports) {
    const Port each = port_of(ports);
    return each.protocol == port.protocol && each.range.covers(port.range);
  });
}

// In the compose file: a port that the image does not say it listens on. An image that names no port
// at all says nothing.
void check_service(const Service& service, Report& report) {
  for (const BuiltImage& image : report.context().builds) {
    if (image.service != service.name()) continue;
    const auto stage = stage_of(*image.dockerfile, image.target);
    const auto exposed = stage ? exposed_by(*stage, image.has_arguments) : std::nullopt;
    if (!exposed || exposed->empty()) continue;
    std::vector<std::string> names;
    for (const ExposedPorts& ports : *exposed) names.push_back(name(port_of(ports)));
    for (const PublishedPort& published : service.ports()) {
      const Port port{published.target, published.protocol};
      if (is_exposed(port, *exposed)) continue;
      auto finding =
          report.at(published.node->span,
                    fmt::format("{} publishes port {} of its container, but {} exposes {}",
                                subject(service), name(port), image.file, fmt::join(names, ", ")));
      // Another program may listen elsewhere.
      if (service.get("command") || service.get("entrypoint")) finding.severity(Severity::info);
    }
  }
}

// A stage, and all services that build it.
struct Built {
  std::vector<ExposedPorts> exposed;
  std::vector<const BuildingService*> services;

  bool publishes(const ExposedPorts& ports) const {
    return std::ranges::any_of(services, [&](const BuildingService* service) {
      return std::ranges::any_of(service->ports, [&](const Port& port) {
        const Port own = port_of(ports);
        return own.protocol == port.protocol &&
               (port.range.contains(ports.first) || own.range.covers(port.range));
      });
    });
  }
  bool exposes(const Word& word) const {
    return std::ranges::any_of(
        exposed, [&](const ExposedPorts& ports) { return ports.word.span() == word.span(); });
  }
};

// "port 80", "ports 80, 443"
std::string listed(const std::vector<Port>& ports) {
  std::vector<std::string> names;
  for (const Port& port : ports) names.push_back(name(port));
  return fmt::format("{} {}", ports.size() == 1 ? "port" : "ports", fmt::join(names, ", "));
}

void tell(const Built& built, bool may_fix, Report& report) {
  std::vector<Port> missing;
  std::vector<Port> of_first;
  const BuildingService* first = nullptr;
  for (const BuildingService* service : built.services) {
    for (const Port& port : service->ports) {
      if (is_exposed(port, built.exposed) || std::ranges::find(missing, port) != missing.end())
        continue;
      missing.push_back(port);
      if (first == nullptr) first = service;
      if (first == service) of_first.push_back(port);
    }
  }
  std::vector<ExposedPorts> idle = built.exposed;
  std::erase_if(idle, [&](const ExposedPorts& ports) { return built.publishes(ports); });
  if (missing.empty() || idle.empty()) return;
  std::vector<Port> instead;
  for (const ExposedPorts& ports : idle) instead.push_back(port_of(ports));
  auto finding =
      report.at(idle.front().word,
                fmt::format("Service {} of {} publishes {} of this image, which exposes {} "
                            "instead",
                            first->name, first->file, listed(of_first), listed(instead)));
  for (std::size_t i = 1; i < idle.size(); ++i)
    finding.related(idle[i].word, "this is not published either");
  const ExposedPorts& only = idle.front();
  if (!may_fix || missing.size() != 1 || built.exposed.size() != 1 || !only.value.variables.empty())
    return;
  const std::string port = name(missing.front());
  finding.fix(Safety::unsafe, "Expose " + port, replace(only.word, port));
}

// In the Dockerfile: ports that nobody publishes, while one is published that is not exposed. Ports
// that only other services use are exposed and not published, rightly.
void check_dockerfile(const Document& document, Report& report) {
  std::map<std::uint32_t, Built> by_stage;
  for (const BuildingService& service : report.context().built_by) {
    const auto stage = stage_of(document, service.target);
    if (!stage) continue;
    by_stage[stage->index()].services.push_back(&service);
  }
  for (auto& [stage, built] : by_stage) {
    const bool has_arguments = std::ranges::any_of(built.services, &BuildingService::has_arguments);
    built.exposed =
        exposed_by(document.stages()[stage], has_arguments).value_or(std::vector<ExposedPorts>());
  }
  for (const auto& [stage, built] : by_stage) {
    // What two services want to have changed in two ways is left to people.
    const bool is_shared = std::ranges::any_of(by_stage, [&](const auto& other) {
      return other.first != stage && !built.exposed.empty() &&
             other.second.exposes(built.exposed.front().word);
    });
    tell(built, !is_shared, report);
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
answers there, or something does that nobody has thought of, such as a debugger. TCP and UDP are told apart.

A service with a `command` or an `entrypoint` of its own may have a program that listens elsewhere: then it is an info
in the compose file, and nothing is said in the Dockerfile.

The rule looks at compose files in the folder of the Dockerfile and above it, up to the root of the
repository, and at the services that build this very file. It is silent where a Dockerfile exposes nothing,
where a port hangs on a variable without a default, or on one that the service's `args` may set, where the file is
one that is merged into another (`compose.override.yaml`) and does not name the context, and about ports that are
exposed and not published: other services may use them.

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
