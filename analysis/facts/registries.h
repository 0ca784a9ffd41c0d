#pragma once

#include <cstdint>
#include <string_view>

// Who publishes images under which names.
namespace bulkhead::facts {

enum class Trust : std::uint8_t {
  official,            // Docker's official library and hardened images
  official_mirror,     // the same elsewhere
  verified_publisher,  // Docker has verified who it is
  sponsored_oss,       // open source that Docker sponsors
  vendor,              // the maker of what is inside
  vendor_partner,      // reviewed by the vendor that runs the registry
  project,             // people of the project that the image belongs to
  community,           // known people who build images of others' programs
  customer,            // a registry that everyone rents a part of
  local,               // on this machine
  unverified,          // any user of a public registry
  deprecated,          // no longer kept up
};

struct Registry {
  std::string_view glob;  // of registry and repository: "docker.io/grafana/*"
  Trust trust;
  std::string_view publisher;
};

// Who publishes `repository`, told with its registry ("docker.io/library/node"); null when not known.
// The answer lives as long as the program.
const Registry* registry_of(std::string_view repository);

// Whether `glob` may say where images come from: it is no address of a page, and has no blanks.
bool can_be_registry(std::string_view glob);

// Whether `text` matches what stands behind the first `*` of a glob.
bool matches_behind_star(std::string_view glob, std::string_view text);

// `*` stands for any text, '/' included; everything else for itself.
inline bool matches_glob(std::string_view glob, std::string_view text) {
  // Most globs are told from most texts by their first characters.
  std::size_t star = 0;
  for (; star < glob.size() && glob[star] != '*'; ++star) {
    if (star == text.size() || text[star] != glob[star]) return false;
  }
  return star == glob.size() ? star == text.size()
                             : matches_behind_star(glob.substr(star + 1), text.substr(star));
}

// The same for one of `globs`, which stand between blanks.
bool matches_any_glob(std::string_view globs, std::string_view text);

}  // namespace bulkhead::facts
