#include "analysis/rule.h"
#include "analysis/rules/image_tags.h"

namespace bulkhead::rules {
namespace {

void check(const From& from, Report& report) {
  const auto use = floating_image(from);
  if (!use || !use->image.tag.empty()) return;
  const std::string name = use->image.familiar_name();
  auto finding = report.at(use->span, name + " has no tag, so it means " + name +
                                          ":latest: the next build may get another release");
  offer_stable_tag(finding, *use, report.context());
}

}  // namespace

extern constinit const Rule missing_image_tag{
    .id = "missing-image-tag",
    .title = "Base image without a tag",
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3006", "trivy:DS-0001", "checkov:CKV_DOCKER_7",
                "kics:image_version_not_explicit", "semgrep:missing-image-version", "sonar:S6596",
                "dockerfilelint:missing_tag", "dockerfile_lint:no_tag", "dockle:DKL-DI-0006"},
    .why = R"(
An image without a tag means `latest`, and that moves: a new major release arrives unasked, and nobody
can say afterwards which version was running. Here it is not even written down that this is so.

A tag that names the release, such as `debian:13`, still gets its patches. A digest
(`debian:13@sha256:...`) fixes the very bytes.

The rule is silent for stages, for `scratch`, and where a variable without a default may hold the tag, as in
`FROM $IMAGE`; in `FROM $REGISTRY/alpine` it cannot. The fix takes the newest supported release that bulkhead
knows of, which may not be the one that the program was written for; hence it is unsafe.
)",
    .bad = R"(
FROM alpine
)",
    .good = R"(
FROM alpine:3.24
)",
    .references =
        {"https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
