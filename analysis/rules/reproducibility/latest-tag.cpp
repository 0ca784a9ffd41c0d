#include "analysis/rule.h"
#include "analysis/rules/image_tags.h"

namespace bulkhead::rules {
namespace {

void check(const From& from, Report& report) {
  const auto use = floating_image(from);
  if (!use || use->image.tag.empty()) return;
  auto finding = report.at(use->span, use->image.familiar_name() +
                                          ":latest is whatever was pushed last: the next build "
                                          "may get another release");
  finding.origins(from, use->variables, "the tag comes from here");
  offer_stable_tag(finding, *use, report.context());
}

}  // namespace

extern constinit const Rule latest_tag{
    .id = "latest-tag",
    .title = "Base image with the tag latest",
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3007", "trivy:DS-0001", "checkov:CKV_DOCKER_7",
                "kics:image_version_using_latest", "semgrep:avoid-latest-version", "sonar:S6596",
                "dockerfilelint:latest_tag", "dockerfile_lint:is_latest_tag", "slim:ID.20006",
                "dockle:DKL-DI-0006"},
    .why = R"(
`latest` is only a name, and it moves. The image that was tested is not the one that is built next month:
a new major release arrives unasked, and nobody can say afterwards which version was running.

A tag that names the release, such as `node:26`, still gets its patches. A digest (`node:26@sha256:...`)
fixes the very bytes.

The fix takes the newest supported release that bulkhead knows of, which may not be the one that the
program was written for; hence it is unsafe.
)",
    .bad = R"(
FROM alpine:latest
)",
    .good = R"(
FROM alpine:3.24
)",
    .references =
        {"https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
