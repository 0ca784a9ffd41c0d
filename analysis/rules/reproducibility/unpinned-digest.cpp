#include "analysis/model/image_use.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Instruction& instruction, Report& report) {
  for (const ImageUse& use : images_of(instruction)) {
    if (!use.image.digest.empty()) continue;
    report
        .at(use.span,
            use.name + " has no digest: its publisher can put other bytes behind that name")
        .origins(instruction, use.variables, "the name comes from here");
  }
}

}  // namespace

extern constinit const Rule unpinned_digest{
    .id = "unpinned-digest",
    .title = "Image without a digest",
    .category = Category::reproducibility,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"semgrep:dockerfile-source-not-pinned", "sonar:S7023",
                "docker-language-server:not_pinned_digest"},
    .why = R"(
A tag is a name that can be moved to other bytes, by its publisher or by whoever has taken over the account.
Only a digest (`node:26@sha256:...`) says which bytes are meant. The price is that fixes arrive only when
somebody, or a robot such as Renovate or Dependabot, changes the digest; hence the rule is off unless asked
for.

There is no fix: the digest has to be asked from the registry, and bulkhead does not use the network.
`docker buildx imagetools inspect IMAGE` shows it.
)",
    .bad = R"(
FROM node:26
)",
    .good = R"(
FROM node:26@sha256:0000000000000000000000000000000000000000000000000000000000000000
)",
    .references =
        {"https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
