#include "analysis/facts/images.h"
#include "analysis/facts/registries.h"
#include "analysis/model/image_use.h"
#include "analysis/rule.h"
#include "analysis/rules/image_trust.h"

namespace bulkhead::rules {
namespace {

// Whether the image's own row says that its maker, or the maker of what is inside, publishes it.
bool is_known(const ImageReference& image) {
  const facts::BaseImage* row = facts::base_image(image.familiar_name(), image.tag);
  return row && row->publisher != facts::Publisher::community;
}

void check(const From& from, Report& report) {
  const auto use = image_of(from);
  if (!use || use->image.registry != "docker.io") return;
  const facts::Registry* registry = facts::registry_of(use->image.full_name());
  if (!registry || registry->trust != facts::Trust::unverified || is_known(use->image) ||
      is_configured(report.context(), use->image)) {
    return;
  }
  const std::string& repository = use->image.repository;
  const std::string user = repository.substr(0, repository.find('/'));
  report
      .at(use->span, repository + " is an image of the Docker Hub user " + user +
                         ", whom bulkhead knows as no publisher of trusted content")
      .origins(from, use->variables, "the name comes from here");
}

}  // namespace

extern constinit const Rule unofficial_base_image{
    .id = "unofficial-base-image",
    .title = "Base image of an unknown publisher",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .aliases = {"dockle:CIS-DI-0002", "dockerfile_lint:not_from_fedora", "cis:4.2"},
    .why = R"(
Everyone may push images to Docker Hub. Nobody has looked at what is in one of a private user, and nobody
promises that it is rebuilt when a hole is found in what it is built on; some have carried miners.

Looked at are base images on Docker Hub. Fine are the official library, verified publishers, sponsored open
source, the makers of what is inside, as far as bulkhead's table knows them, and what `--trusted-registry`
names. Ignore the finding, or name your own user there, where the image is yours.

There is no fix, for what could stand in its place depends on what is in it.
)",
    .bad = R"(
FROM somebody/node:26
)",
    .good = R"(
FROM node:26
)",
    .references = {"https://docs.docker.com/docker-hub/image-library/trusted-content/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
