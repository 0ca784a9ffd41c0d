#include "analysis/facts/paths.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Volume& volume, Report& report) {
  for (const Word& word : volume.words()) {
    const Value value = word.value();
    const facts::SystemPath* known =
        value.known ? facts::system_path(normalized(value.text)) : nullptr;
    if (!known || known->kind == facts::PathKind::socket) continue;
    report
        .at(word, value.text + " holds " + std::string(known->what) +
                      ": as a volume it outlives the image and hides its updates")
        .origins(volume, value.variables, "the path comes from here")
        .fix(Safety::unsafe, "Leave this volume out", remove_word(volume, word));
  }
}

}  // namespace

extern constinit const Rule sensitive_volume_mount{
    .id = "sensitive-volume-mount",
    .title = "A folder of the system as a volume",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"dockle:DKL-DI-0002"},
    .why = R"(
A volume keeps its files when the container is replaced. For the system's own folders (`/etc`, `/usr`, `/lib`)
that means: the libraries and settings of the first image stay, and the fixes of the next one never show;
what an intruder has changed there stays too. For `/proc`, `/sys` and `/dev` it covers or opens what the
kernel shows, and invites whoever runs the image to mount those of the host.

Declare the folders that hold the application's data, or a folder of its own below `/etc`. The fix takes the
entry away; it is unsafe, for somebody may count on the volume.
)",
    .bad = R"(
FROM debian:13
VOLUME /etc /data
)",
    .good = R"(
FROM debian:13
VOLUME /data
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#volume"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
