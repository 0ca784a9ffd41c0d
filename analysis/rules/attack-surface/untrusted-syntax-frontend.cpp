#include "analysis/facts/registries.h"
#include "analysis/model/rewrite.h"
#include "analysis/rule.h"
#include "analysis/rules/image_trust.h"

namespace bulkhead::rules {
namespace {

bool is_trusted(facts::Trust trust) {
  using facts::Trust;
  return trust != Trust::unverified && trust != Trust::community && trust != Trust::deprecated &&
         trust != Trust::customer;
}

void check(const Document& document, Report& report) {
  const auto use = frontend_of(document);
  if (!use || is_configured(report.context(), use->image)) return;
  const facts::Registry* registry = facts::registry_of(use->image.full_name());
  if (registry && is_trusted(registry->trust)) return;
  // A registry of one's own that mirrors the official frontend keeps its name.
  const bool own = !registry || registry->trust == facts::Trust::customer;
  if (own && use->image.full_name().ends_with("/docker/dockerfile")) return;

  auto finding = report.at(use->span, use->image.familiar_name() +
                                          " reads this file and decides on what the build does, "
                                          "and it is not Docker's own frontend");
  if (own) finding.severity(Severity::warning);
  if (const auto edit = set_image(*use, "docker/dockerfile:1"))
    finding.fix(Safety::unsafe, "Use docker/dockerfile:1", *edit);
}

}  // namespace

extern constinit const Rule untrusted_syntax_frontend{
    .id = "untrusted-syntax-frontend",
    .title = "Build frontend of somebody else",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {},
    .why = R"(
`# syntax=` names an image that BuildKit runs to translate this file into the steps of the build. That
program sees the build context and the secrets of the build, and may put anything into the image, while
the file looks as if Docker's own frontend read it.

Fine are the images of Docker and BuildKit (`docker/dockerfile`, `docker/dockerfile-upstream`), those of
known publishers, a mirror whose repository ends in `docker/dockerfile`, and the registries that
`--trusted-registry` names. In a registry that is rented, or that is not known, it is a warning: it may be
your own.

The fix goes back to Docker's frontend. It is unsafe, for the file may use what only the other one knows.
)",
    .bad = R"(
# syntax=somebody/dockerfile:1
FROM alpine:3.24
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM alpine:3.24
)",
    .references = {"https://docs.docker.com/build/buildkit/frontend/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
