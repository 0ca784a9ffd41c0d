#include "lsp/neighbours.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/compose/compose.h"
#include "analysis/ignore_file.h"
#include "analysis/model/document.h"
#include "analysis/text/ascii.h"
#include "analysis/text/path.h"
#include "analysis/text/word_list.h"
#include "host/discover.h"
#include "lsp/uri.h"

namespace bulkhead::lsp {
namespace {

// Whether `other` is the file which `document` calls `path`.
bool is_at(const OpenDocument& other, const OpenDocument& document, std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (document.path)
    return other.path && other.path->ends_with(name) &&
           *other.path == join_path(folder_of(*document.path), path);
  return !other.path && file_name(other.uri) == name &&
         other.uri == relative_uri(document.uri, path);
}

std::shared_ptr<const ComposeFile> compose_file(const OpenDocument& document) {
  return std::dynamic_pointer_cast<const ComposeFile>(document.snapshot);
}

std::shared_ptr<const Document> dockerfile(const OpenDocument& document) {
  return std::dynamic_pointer_cast<const Document>(document.snapshot);
}

// How `document`, if it is a Dockerfile, calls `other`, if that may be its ignore file.
std::optional<std::string> ignore_file_at(const OpenDocument& other, const OpenDocument& document) {
  const auto& build = document.context.build;
  if (!build || !is_ignore_file_name(other.read_as) || is_ignore_file_name(document.read_as))
    return std::nullopt;
  for (std::string& path : ignore_files_of(file_name(document.uri), build->root)) {
    if (is_at(other, document, path)) return path;
  }
  return std::nullopt;
}

// The services of a compose file that build a Dockerfile beside or below it, as known and as it says now.
struct Building {
  Building(const OpenDocument& document, const OpenDocument& compose) {
    const auto file = compose_file(compose);
    if (!file || !dockerfile(document) || !compose.path || !document.path ||
        !document.path->starts_with(folder_of(*compose.path)))
      return;
    std::ranges::copy_if(
        document.context.built_by, std::back_inserter(before),
        [&](const BuildingService& service) { return is_at(compose, document, service.file); });
    now = services_building(*file, *compose.path, *document.path);
  }

  std::vector<BuildingService> before;
  std::vector<BuildingService> now;
};

// What a compose file builds, also by services that stand in the editor only.
std::vector<BuiltImage> images_of(OpenDocument& document, const ComposeFile& file,
                                  const Documents& open) {
  for (const BuiltImage& known : document.context.builds)
    document.built.try_emplace(known.file, known.dockerfile);
  std::vector<BuiltImage> images = images_built(file, file_name(document.uri));
  for (BuiltImage& image : images) {
    const auto on_disk = document.built.find(image.file);
    if (on_disk != document.built.end()) image.dockerfile = on_disk->second;
    for (const auto& [uri, other] : open) {
      const auto read = dockerfile(other);
      if (!read || !is_at(other, document, image.file)) continue;
      image.dockerfile = read;
      document.open_files[image.file] = {other.uri, other.version};
    }
  }
  std::erase_if(images, [](const BuiltImage& image) { return !image.dockerfile; });
  return images;
}

// The Dockerfiles that the document at `path` builds, if it is a compose file.
std::set<std::string> built_by(const OpenDocument& document, std::string_view path) {
  std::set<std::string> paths;
  const auto file = compose_file(document);
  if (!file) return paths;
  for (const BuiltImage& image : images_built(*file, path))
    paths.insert(join_path(folder_of(path), image.file));
  return paths;
}

// The folders with what surrounds `document`, which lies at `path`; each ends with a slash.
std::set<std::string> folders_around(const OpenDocument& document, std::string_view path) {
  std::set<std::string> folders;
  const auto add = [&](std::string_view root) {
    std::string folder = join_path(folder_of(path), root);
    if (!folder.ends_with('/')) folder += '/';
    folders.insert(std::move(folder));
  };
  add(".");
  if (document.context.build) add(document.context.build->root);
  for (const BuildingService& service : document.context.built_by) add(service.context);
  return folders;
}

}  // namespace

bool is_left_alone(std::string_view path) {
  return path.starts_with(".git/") || path.find("/.git/") != std::string_view::npos ||
         path.starts_with("node_modules/") || path.find("/node_modules/") != std::string_view::npos;
}

bool is_concerned(const OpenDocument& document, std::span<const std::string> paths) {
  if (!document.path || paths.empty()) return false;
  const std::string& own = *document.path;
  const std::set<std::string> built = built_by(document, own);
  const std::set<std::string> around = folders_around(document, own);
  return std::ranges::any_of(paths, [&](const std::string& path) {
    // Each folder above may be or become the context, and say what is ignored in it, and who builds what in it.
    return own.starts_with(folder_of(path)) || built.contains(path) ||
           std::ranges::any_of(around, [&](const std::string& folder) {
             return path.starts_with(folder) &&
                    !is_left_alone(std::string_view(path).substr(folder.size()));
           });
  });
}

bool is_concerned(const OpenDocument& document, const OpenDocument& changed, bool names_others) {
  const auto is_this = [&](const std::string& path) { return is_at(changed, document, path); };
  if (ignore_file_at(changed, document)) return true;
  // Of those that are built in the same folder Dockerfiles have to know what they copy, no more.
  const bool asks = names_others || is_ignore_file_name(document.read_as);
  if (asks && std::ranges::any_of(document.context.dockerfiles, is_this, &NearbyDockerfile::file))
    return true;
  if (const auto file = compose_file(document))
    return std::ranges::any_of(images_built(*file, file_name(document.uri)), is_this,
                               &BuiltImage::file);
  const Building building(document, changed);
  return building.before != building.now;
}

namespace {

// Whether `edits` touch an instruction of a Dockerfile that, by its text, `is_meant`; where they are more than some
// characters, they may.
template <class IsMeant>
bool may_touch(const Snapshot& before, const Snapshot& after,
               std::span<const bulkhead::TextEdit> edits, IsMeant is_meant) {
  const auto is_meant_at = [&](const Snapshot& snapshot, std::uint32_t place) {
    const auto* dockerfile = dynamic_cast<const Document*>(&snapshot);
    const auto at = dockerfile ? dockerfile->subject_at(place) : std::nullopt;
    return at && is_meant(snapshot.text().substr(at->begin, at->size()));
  };
  const bool is_one_line = edits.size() == 1 && edits[0].text.find('\n') == std::string::npos &&
                           before.text(edits[0].span).find('\n') == std::string_view::npos;
  if (!is_one_line) return dynamic_cast<const Document*>(&after) != nullptr;
  const std::uint32_t place = edits[0].span.begin;
  return is_meant_at(before, place) || is_meant_at(after, place);
}

}  // namespace

bool may_name_others(const Snapshot& before, const Snapshot& after,
                     std::span<const bulkhead::TextEdit> edits) {
  return may_touch(before, after, edits, [](std::string_view text) {
    const std::string_view keywords = text.substr(0, std::string_view("ONBUILD COPY").size());
    return contains_ignoring_case(keywords, "copy") || contains_ignoring_case(keywords, "add") ||
           text.find("--mount") != std::string_view::npos;
  });
}

bool may_concern_services(const Snapshot& before, const Snapshot& after,
                          std::span<const bulkhead::TextEdit> edits) {
  return may_touch(before, after, edits, [](std::string_view text) {
    const std::string keyword = lower_case(text.substr(0, text.find_first_of(" \t\r\n\\`")));
    return !is_listed(keyword, "add copy label maintainer run shell workdir");
  });
}

bool is_ignore_file_beside(const OpenDocument& other, const OpenDocument& document) {
  return is_ignore_file_name(other.read_as) && document.path && other.path &&
         folder_of(*document.path) == folder_of(*other.path);
}

bool is_built_by_closed(const OpenDocument& document, const Documents& open) {
  return std::ranges::any_of(document.context.built_by, [&](const BuildingService& service) {
    return std::ranges::none_of(
        open, [&](const auto& each) { return is_at(each.second, document, service.file); });
  });
}

host::OpenFiles open_around(const std::string& path, const Documents& open) {
  host::OpenFiles around;
  for (const auto& [uri, other] : open) {
    if (other.path && other.path != path && path.starts_with(folder_of(*other.path)))
      around.emplace(*other.path, other.snapshot);
  }
  return around;
}

void read_neighbours(OpenDocument& document, const Documents& open) {
  Context& context = document.context;
  document.open_files.clear();
  if (const auto file = compose_file(document)) context.builds = images_of(document, *file, open);
  for (const auto& [uri, other] : open) {
    if (uri == document.uri) continue;
    if (const auto path = ignore_file_at(other, document)) {
      auto& known = context.build->ignore_file;
      // It may not be on the disk yet.
      if (!known || known->path == *path ||
          *path == ignore_files_of(file_name(document.uri), context.build->root).front()) {
        known = {*path, std::string(other.snapshot->text())};
        document.open_files[*path] = {other.uri, other.version};
      }
    }
    for (NearbyDockerfile& nearby : context.dockerfiles) {
      const auto read = dockerfile(other);
      if (!read || !is_at(other, document, nearby.file)) continue;
      nearby.dockerfile = read;
      document.open_files[nearby.file] = {other.uri, other.version};
    }
    const Building building(document, other);
    if (building.before == building.now) continue;
    auto& services = context.built_by;
    const auto is_of_other = [&](const BuildingService& service) {
      return is_at(other, document, service.file);
    };
    const auto at = std::ranges::find_if(services, is_of_other) - services.begin();
    std::erase_if(services, is_of_other);
    services.insert(services.begin() + at, building.now.begin(), building.now.end());
  }
}

bool has_read(const OpenDocument& document, const OpenDocument& other) {
  if (compose_file(other)) return other.path && is_concerned(document, std::span(&*other.path, 1));
  return std::ranges::any_of(document.open_files,
                             [&](const auto& read) { return is_at(other, document, read.first); });
}

}  // namespace bulkhead::lsp
