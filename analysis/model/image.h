#pragma once

#include <string>
#include <string_view>

namespace bulkhead {

// The parts of an image's name, `registry/repository:tag@digest`.
struct ImageReference {
  std::string registry;    // "docker.io" when the name has none
  std::string repository;  // "library/node" for "node"
  std::string tag;         // empty when there is none
  std::string digest;      // "sha256:..."; empty when there is none

  // As people write it: "node", "grafana/grafana", "gcr.io/distroless/static-debian12"; without tag
  // and digest.
  std::string familiar_name() const;
  // Registry and repository: "docker.io/library/node".
  std::string full_name() const { return registry + "/" + repository; }
  // Whether the repository could exist: lower-case letters, digits and separators. Placeholders of
  // templates ("{{image}}", "REPLACE-ME") could not.
  bool is_valid() const;
  bool operator==(const ImageReference&) const = default;
};

// Splits a name whose variables are resolved. The part before the first '/' is a registry if it has
// a
// '.' or ':' in it or is "localhost", as in the distribution project's reference format. Where the
// name is malformed, the parts are what they look like.
ImageReference parse_image(std::string_view name);

}  // namespace bulkhead
