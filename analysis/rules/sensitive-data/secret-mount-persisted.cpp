#include <fmt/format.h>

#include "analysis/rule.h"
#include "analysis/rules/mounted_secrets.h"
#include "analysis/rules/shipped_files.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  const Timeline& timeline = stage.effects();
  for (std::size_t i = 0; i < timeline.effects().size(); ++i) {
    const auto secret = mounted_secret(timeline, stage.document(), i);
    if (!secret || timeline.is_undone(i)) continue;
    const Effect& effect = timeline.effects()[i];
    const std::string& path = effect.as<FileEffect>()->path.text;
    const Effect* carried = nullptr;
    if (!stage.is_delivered()) {
      carried = report.view<ShippedFiles>(stage.document()).carrier(stage, i, path);
      if (carried == nullptr) continue;
    }
    auto finding =
        report.at(effect.span,
                  fmt::format("The mounted secret {} is written to {}, and so into {} of the image",
                              secret->id, path.empty() ? "a file" : path,
                              carried == nullptr ? "this layer" : "a layer"));
    if (!effect.certain) finding.severity(Severity::warning);
    finding.related(secret->flag, "it is mounted here");
    if (carried != nullptr) finding.related(carried->span, "it is taken into the image here");
  }
}

}  // namespace

extern constinit const Rule secret_mount_persisted{
    .id = "secret-mount-persisted",
    .title = "A mounted secret is written into the image",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .why = R"(
A secret mount is there for one `RUN` and leaves nothing behind, unless that `RUN` copies it: `cp
/run/secrets/x /root/.netrc`, `cat /run/secrets/x > .env`, or a variable that holds it and is printed into a
file. Then the layer has it, and so does everybody who can pull the image, whatever a later layer deletes.

Mount the secret where the program looks for it: `--mount=type=secret,id=netrc,target=/root/.netrc`. A secret
that the program needs while it runs belongs to the place where it runs: `docker run`, `secrets:` in Compose, a
Secret in Kubernetes.

The rule is silent where the same `RUN` deletes the file again, where it lies in another mount, and in a stage of
which nothing that has the file gets into an image. It is a warning where that happens only sometimes. There is no fix:
what is written is often more than the secret, and only its author knows who reads it.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM debian:13
RUN --mount=type=secret,id=netrc cp /run/secrets/netrc /root/.netrc && git clone https://git.example.com/app
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM debian:13
RUN --mount=type=secret,id=netrc,target=/root/.netrc git clone https://git.example.com/app
)",
    .references = {"https://docs.docker.com/build/building/secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
