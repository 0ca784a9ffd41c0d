#include "analysis/facts/servers.h"

#include <algorithm>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const Server* server(std::string_view program, std::string_view image) {
  const std::string_view name = canonical_name(image);
  const auto found = std::ranges::find_if(tables::servers, [&](const Server& each) {
    return matches_glob(each.program, program) && (each.image.empty() || each.image == name);
  });
  return found == tables::servers.end() ? nullptr : &*found;
}

const Server* server_of_image(std::string_view image) {
  const auto found = std::ranges::find(tables::servers, canonical_name(image), &Server::image);
  return image.empty() || found == tables::servers.end() ? nullptr : &*found;
}

}  // namespace bulkhead::facts
