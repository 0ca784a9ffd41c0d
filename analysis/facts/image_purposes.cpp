#include "analysis/facts/image_purposes.h"

#include <algorithm>
#include <string>

#include "analysis/facts/lookup.h"
#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

bool offers_port(std::string_view image, unsigned number) {
  const std::string port = std::to_string(number);
  return std::ranges::any_of(tables::image_purposes, [&](const ImagePurpose& each) {
    return matches_glob(each.image, image) && matches_any_glob(each.ports, port);
  });
}

bool filters_socket(std::string_view image) {
  return std::ranges::any_of(tables::image_purposes, [&](const ImagePurpose& each) {
    return each.filters_socket && matches_glob(each.image, image);
  });
}

bool is_given_user(std::string_view image) {
  return std::ranges::any_of(tables::image_purposes, [&](const ImagePurpose& each) {
    return each.sets_user && matches_glob(each.image, image);
  });
}

}  // namespace bulkhead::facts
