#include "analysis/model/image_use.h"
#include "analysis/rule.h"
#include "analysis/rules/image_trust.h"

namespace bulkhead::rules {
namespace {

void check_use(const ImageUse& use, Report& report) {
  if (report.context().trusted_registries.empty() || is_configured(report.context(), use.image))
    return;
  auto finding = report.at(
      use.span, use.image.full_name() + " does not come from one of the trusted registries");
  if (use.instruction) {
    finding.origins(*use.instruction, use.variables, "the name comes from here");
  }
}

void check_document(const Document& document, Report& report) {
  if (const auto use = frontend_of(document)) check_use(*use, report);
}

void check(const Instruction& instruction, Report& report) {
  for (const ImageUse& use : images_of(instruction)) check_use(use, report);
}

}  // namespace

extern constinit const Rule untrusted_registry{
    .id = "untrusted-registry",
    .title = "Image from a registry that is not trusted",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"hadolint:DL3026", "dockle:CIS-DI-0002", "dockerfile_lint:specified_registry",
                "cis:4.2"},
    .why = R"(
Whoever controls a registry decides on what runs in the build and in the container. Many teams let images
come from a few places only: their own registry, a mirror that scans what it hands out, the official
library.

The rule is silent until it is told which these are: `trusted-registries` in the project's `.bulkhead.yaml`,
`--trusted-registry GLOB`, as often as needed, and in editors the setting `trustedRegistries`. A glob without a
slash is a registry (`registry.example.com`, `*.azurecr.io`); with one it is registry and repository
(`docker.io/library/*`, `ghcr.io/astral-sh/uv`). Looked at are `FROM`, `COPY --from`, `RUN --mount=from` and the
frontend in `# syntax=`.

There is no fix, for only your team knows which trusted image stands in for another.
)",
    .bad = R"(
FROM ghcr.io/somebody/node:26
-- --trusted-registry=docker.io/library/* --
)",
    .good = R"(
FROM node:26
-- --trusted-registry=docker.io/library/* --
)",
    .references =
        {"https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image"},
    .checks = each<check_document, check>,
};

}  // namespace bulkhead::rules
