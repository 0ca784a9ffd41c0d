#include <fmt/format.h>

#include <algorithm>

#include "analysis/rule.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/rules/secret_files.h"
#include "analysis/shell/commands/keys.h"

namespace bulkhead::rules {
namespace {

// The effect of the command that makes the file with the key, where one is known to.
std::optional<std::size_t> file_of(const Timeline& timeline, const Command& command,
                                   const shell::KeyGeneration& key) {
  const auto arguments = command.arguments();
  const auto [first, last] = timeline.of(command);
  std::optional<std::size_t> found;
  for (std::size_t i = first; i < last; ++i) {
    const auto* file = timeline.effects()[i].as<FileEffect>();
    if (file == nullptr || file->kind != FileEffect::Kind::writes) continue;
    // Named by an option, or else what the output is redirected to.
    if (!key.argument || timeline.effects()[i].span == arguments.at(*key.argument).span())
      found = i;
  }
  return found;
}

// Whether a later command of the same layer deletes what lies at a path that no effect writes.
bool is_deleted(const Timeline& timeline, const Run& run, std::string_view path) {
  return std::ranges::any_of(timeline.on_path(path), [&](std::size_t index) {
    const Effect& effect = timeline.effects()[index];
    return effect.instruction == run.index() && effect.certain &&
           effect.as<FileEffect>()->kind == FileEffect::Kind::deletes;
  });
}

void check(const Stage& stage, Report& report) {
  const Timeline& timeline = stage.effects();
  for (const Run& run : stage.all<Run>()) {
    for (const Command& command : run.commands()) {
      const auto key = shell::generates_key(command.name(), command.argument_texts());
      if (!key) continue;
      const auto at = file_of(timeline, command, *key);
      const FileEffect* file = at ? timeline.effects()[*at].as<FileEffect>() : nullptr;
      const std::string path = file != nullptr ? file->path.text : std::string(key->path);
      if (file != nullptr && (file->in_mount || timeline.is_undone(*at))) continue;
      if (file == nullptr && !path.empty() && is_deleted(timeline, run, path)) continue;
      const Effect* carried = nullptr;
      if (!stage.is_delivered()) {
        if (file == nullptr) continue;
        carried = report.view<ShippedFiles>(stage.document()).carrier(stage, *at, path);
        if (carried == nullptr) continue;
      }
      auto finding = report.at(
          command.word(command.unwrapped().program),
          fmt::format("Everybody who has the image has the private key that {} makes here{}",
                      command.name(), path.empty() ? "" : ", " + path));
      if (command.conditional()) finding.severity(Severity::info);
      if (carried != nullptr) finding.related(carried->span, "it is taken into the image here");
    }
  }
}

}  // namespace

extern constinit const Rule private_key_generated_in_build{
    .id = "private-key-generated-in-build",
    .title = "A private key is made while the image is built",
    .category = Category::sensitive_data,
    .severity = Severity::warning,
    .why = R"(
A key that a `RUN` makes is the same in every container of the image, and known to everybody who can pull it. With a
server's TLS or host key they can read what it says, or pose as it; a signing key is worth nothing. And it never
changes, for the layer comes from the cache.

Make the key where the container starts, if there is none yet: in the entry point, with the key on a volume. Or
hand it to the container: `docker run -v`, `secrets:` in Compose, a Secret in Kubernetes.

Known are ssh-keygen, openssl, keytool, mkcert, easyrsa, gpg and others of this kind. The rule is silent where they
only look at keys or sign, where the same `RUN` deletes the key again, where it lies in a mount, and in a build stage
of which the key does not get into an image. It is an `info` where the command runs only sometimes. Ignore the finding in an
image for tests. There is no fix: only the author knows who needs the key, and when.
)",
    .bad = R"(
FROM nginx:1.31
RUN openssl req -x509 -newkey rsa:4096 -nodes -subj /CN=localhost -keyout /etc/nginx/tls.key -out /etc/nginx/tls.crt
)",
    .good = R"(
FROM nginx:1.31
COPY make-key.sh /docker-entrypoint.d/
)",
    .references = {"https://docs.docker.com/engine/swarm/secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
