#include "analysis/facts/servers.h"

#include <algorithm>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const Server* server(std::string_view program, std::string_view image, std::string_view tag) {
  const std::string_view name = canonical_name(image);
  const std::string_view file = program.substr(program.rfind('/') + 1);
  const auto found = std::ranges::find_if(tables::servers, [&](const Server& each) {
    const bool is_path = each.program.find('/') != std::string_view::npos;
    return matches_glob(each.program, is_path ? program : file) &&
           (each.image.empty() || matches_image(each.image, name, tag_or_latest(tag)));
  });
  return found == tables::servers.end() ? nullptr : &*found;
}

const Server* server_of_image(std::string_view image, std::string_view tag) {
  const std::string_view name = canonical_name(image);
  const auto found = std::ranges::find_if(tables::servers, [&](const Server& each) {
    return !each.image.empty() && matches_image(each.image, name, tag_or_latest(tag));
  });
  return found == tables::servers.end() ? nullptr : &*found;
}

bool is_open(const Server& server, std::string_view tag) {
  const std::string_view version = version_of(tag);
  return !server.open_since.empty() && (version.empty() || !is_older(version, server.open_since));
}

}  // namespace bulkhead::facts
