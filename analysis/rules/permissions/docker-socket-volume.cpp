#include "analysis/facts/paths.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

const facts::SystemPath* socket_at(std::string_view path) {
  const facts::SystemPath* known = facts::system_path(normalized(path));
  return known && known->kind == facts::PathKind::socket ? known : nullptr;
}

std::string message(const facts::SystemPath& socket) {
  const std::string name(socket.what);
  return "This is the socket of " + name +
         ": whoever can write to it starts containers as root of the host";
}

void check_volume(const Volume& volume, Report& report) {
  for (const Word& word : volume.words()) {
    const Value value = word.value();
    const facts::SystemPath* socket = socket_at(value.text);
    if (!socket) continue;
    report.at(word, message(*socket))
        .origins(volume, value.variables, "the path comes from here")
        .fix(Safety::unsafe, "Leave this volume out", remove_word(volume, word));
  }
}

void check_run(const Run& run, Report& report) {
  for (const Mount& mount : run.mounts()) {
    for (const MountField* field :
         {mount.field("target", "dst", "destination"), mount.field("source", "src")}) {
      const facts::SystemPath* socket = field ? socket_at(field->value) : nullptr;
      if (!socket) continue;
      report.at(field->span, message(*socket))
          .fix(Safety::unsafe, "Leave this mount out", remove(run, *mount.flag));
      break;
    }
  }
}

}  // namespace

extern constinit const Rule docker_socket_volume{
    .id = "docker-socket-volume",
    .title = "The socket of the container engine",
    .category = Category::permissions,
    .severity = Severity::error,
    .aliases = {"semgrep:dockerfile-dockerd-socket-mount",
                "kics-compose:docker_socket_mounted_in_container", "owasp:1"},
    .why = R"(
Whoever can write to the socket of Docker, containerd, CRI-O or Podman can start a container that mounts the
whole host, as root. An image that declares the socket as a volume, or a build step that mounts something
there, asks everyone who runs it to hand that over.

What needs containers in a build is better served by a builder of its own (rootless BuildKit, Buildah), and
what watches containers by a proxy in front of the socket that lets only reading requests through. Ignore the
finding where the image's purpose is to command the engine; the socket is then mounted by who runs it, and
the `VOLUME` is not needed for that.

The fix takes the entry away; it is unsafe, for something may count on it.
)",
    .bad = R"(
FROM docker:29-cli
VOLUME /var/run/docker.sock /data
)",
    .good = R"(
FROM docker:29-cli
VOLUME /data
)",
    .references =
        {"https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
         "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
    .checks = each<check_volume, check_run>,
};

}  // namespace bulkhead::rules
