#include "analysis/facts/programs.h"

#include <algorithm>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {

const SlimLack* slim_lacks(std::string_view program) {
  const auto found = std::ranges::find(tables::slim_lacks, program, &SlimLack::program);
  return found == tables::slim_lacks.end() ? nullptr : &*found;
}

bool brings(std::string_view image, std::string_view tag, std::string_view program) {
  image = canonical_name(image);
  tag = tag_or_latest(tag);
  return std::ranges::any_of(tables::image_programs, [&](const ImagePrograms& row) {
    const std::string_view version = version_of(tag);
    const auto is_one = [&](std::string_view glob) { return matches_image(glob, image, tag); };
    return any_part(row.programs, ' ', [&](auto name) { return name == program; }) &&
           any_part(row.images, ' ', is_one) && !matches_any_glob(row.except, tag) &&
           (row.until.empty() || (!version.empty() && is_older(version, row.until)));
  });
}

std::string_view first_without(std::string_view image,
                               const std::function<bool(std::string_view program)>& is_called) {
  image = canonical_name(image);
  std::string_view first;
  for (const ImagePrograms& row : tables::image_programs) {
    const bool counts =
        !row.until.empty() && row.images == image && any_part(row.programs, ' ', is_called);
    if (counts && (first.empty() || is_older(row.until, first))) first = row.until;
  }
  return first;
}

const RemoteServer* remote_server(std::string_view program) {
  const auto found = std::ranges::find(tables::remote_servers, program, &RemoteServer::program);
  return found == tables::remote_servers.end() ? nullptr : &*found;
}

const RemoteServer* remote_service(std::string_view service) {
  if (service.ends_with(".service")) service.remove_suffix(8);
  if (service.empty()) return nullptr;
  const auto found = std::ranges::find_if(tables::remote_servers, [&](const RemoteServer& server) {
    return any_part(server.services, ',', [&](auto name) { return name == service; });
  });
  return found == tables::remote_servers.end() ? nullptr : &*found;
}

}  // namespace bulkhead::facts
