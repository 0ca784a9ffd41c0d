#include "analysis/model/image.h"

#include <algorithm>

#include "analysis/text/ascii.h"

namespace bulkhead {

ImageReference parse_image(std::string_view name) {
  ImageReference image;
  if (const auto at = name.find('@'); at != std::string_view::npos) {
    image.digest = name.substr(at + 1);
    name = name.substr(0, at);
  }
  // A ':' belongs to the registry's port unless it stands behind the last '/'.
  const auto slash = name.rfind('/');
  const auto colon = name.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    image.tag = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  const auto first = name.substr(0, name.find('/'));
  const bool has_registry =
      first.size() < name.size() &&
      (first.find_first_of(".:") != std::string_view::npos || first == "localhost");
  if (has_registry) {
    image.registry = first == "index.docker.io" ? "docker.io" : first;
    image.repository = name.substr(first.size() + 1);
  } else {
    image.registry = "docker.io";
    image.repository = name;
  }
  if (image.registry == "docker.io" && image.repository.find('/') == std::string::npos) {
    image.repository.insert(0, "library/");
  }
  return image;
}

std::string ImageReference::familiar_name() const {
  constexpr std::string_view library = "library/";
  if (registry != "docker.io") return registry + "/" + repository;
  return repository.starts_with(library) ? repository.substr(library.size()) : repository;
}

bool ImageReference::is_valid() const {
  return !repository.empty() && std::ranges::all_of(repository, [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) ||
           std::string_view("._-/").find(c) != std::string_view::npos;
  });
}

}  // namespace bulkhead
