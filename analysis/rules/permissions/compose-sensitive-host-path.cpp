#include "analysis/facts/paths.h"
#include "analysis/facts/registries.h"
#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"

namespace bulkhead::rules {
namespace {

// "/etc/" -> "/etc"
std::string cleaned(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// "/dev/sda:/dev/xvda:rw" -> "/dev/sda"
void check_devices(const Service& service, Report& report) {
  const yaml::Node* devices = service.get("devices");
  if (!devices) return;
  for (const yaml::Node& node : devices->items) {
    const yaml::Node* source = node.kind == yaml::Node::Kind::mapping ? node.get("source") : &node;
    const auto text = source ? interpolate(source->text) : std::nullopt;
    if (!text) continue;
    const std::string device = cleaned(text->substr(0, text->find(':')));
    const facts::SystemPath* path = facts::host_path(device);
    if (!path || !facts::matches_glob(path->path, device)) continue;
    report.at(node.span, subject(service) + " gets the device " + device +
                             " of the host: " + std::string(path->what));
  }
}

constexpr facts::SystemPath home{"~", facts::PathKind::host,
                                 "the home of whoever starts it, with its keys"};

void check(const Service& service, Report& report) {
  check_devices(service, report);
  for (const ServiceMount& mount : service.mounts()) {
    const std::string source = cleaned(mount.source);
    const bool is_home = source == "~";
    const std::string at = is_home ? source : cleaned(host_path(mount));
    const facts::SystemPath* path = is_home ? &home : facts::host_path(at);
    // Below a folder of the system stand files that are often shared: /etc/localtime.
    const bool whole =
        path && path->kind != facts::PathKind::socket && facts::matches_glob(path->path, at);
    if (whole && path->kind == facts::PathKind::written && mount.read_only) continue;
    if (whole) {
      auto finding = report.at(
          mount.node->span, subject(service) + " " + (mount.read_only ? "sees " : "can change ") +
                                source + " of the host: " + std::string(path->what));
      if (mount.read_only) finding.severity(Severity::info);
    } else if (mount.propagation == "shared" || mount.propagation == "rshared") {
      report.at(mount.node->span, subject(service) + " mounts " + source + " as " +
                                      mount.propagation +
                                      ": what it mounts in there is mounted on the host");
    }
  }
}

}  // namespace

extern constinit const Rule compose_sensitive_host_path{
    .id = "compose-sensitive-host-path",
    .title = "Service with a folder of the host's system",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"kics-compose:volume_has_sensitive_host_directory",
                "kics-compose:volume_mounted_in_multiple_containers",
                "kics-compose:shared_volumes_between_containers"},
    .why = R"(
A service that can write to `/etc`, `/usr` or the whole disk of the host can become root there: it only has
to add a user or replace a program. With `shared` or `rshared` what it mounts appears on the host. A disk or
the memory of the host, given by `devices`, is the same without the way through files.

Mount the one file or folder that is needed, and that with `:ro`. A folder that is mounted with `:ro` is
only an info: what is in it can be read, keys among it. Ignore the rule for what watches the host by purpose.

A volume of the file that only names a path of the host (`driver_opts` with `o: bind`) counts as that path.

There is no fix: what of the folder the service needs only its author knows.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    volumes:
      - /etc:/host/etc
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    volumes:
      - /etc/timezone:/etc/timezone:ro
)",
    .references = {"https://docs.docker.com/engine/storage/bind-mounts/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
