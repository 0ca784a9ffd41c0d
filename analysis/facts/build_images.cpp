#include "analysis/facts/build_images.h"

#include <algorithm>
#include <optional>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {
namespace {

// The version that the image's user asked for, and what follows it in the tag.
struct TagVersion {
  std::string_view version;
  std::string_view rest;
};

// `after` are texts in front of the version, between commas, the first that is there counts; "^" is the
// start of the tag.
std::optional<TagVersion> version_in(std::string_view tag, std::string_view after) {
  std::optional<TagVersion> found;
  any_part(after, ',', [&](std::string_view word) {
    const std::size_t at = word == "^" ? 0 : tag.find(word);
    if (at == std::string_view::npos) return false;
    const std::string_view text = tag.substr(word == "^" ? 0 : at + word.size());
    const std::size_t size = std::min(text.find_first_not_of("0123456789."), text.size());
    if (size == 0 || text.front() == '.') return false;
    found = TagVersion{text.substr(0, size), text.substr(size)};
    return true;
  });
  return found;
}

// The first `count` numbers of a version; as many as it has.
std::string_view numbers(std::string_view version, std::size_t count) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < count && end != std::string_view::npos; ++i)
    end = version.find('.', i == 0 ? 0 : end + 1);
  return version.substr(0, end);
}

}  // namespace

const BuildImage* build_image(std::string_view name, std::string_view tag) {
  name = canonical_name(name);
  tag = tag_or_latest(tag);
  const auto found = std::ranges::find_if(tables::build_images, [&](const BuildImage& row) {
    return matches_image(row.pattern, name, tag);
  });
  return found == tables::build_images.end() ? nullptr : &*found;
}

std::string runtime_image(const BuildImage& image, std::string_view name, std::string_view tag) {
  const auto version = version_in(tag, image.version_after);
  const bool exists = image.versions.empty() || any_part(image.versions, ',', [&](auto known) {
                        return version && known == numbers(version->version, 1);
                      });
  if (!exists) return {};
  std::string made;
  for (std::string_view left = image.runtime; !left.empty();) {
    const std::size_t open = left.find('{');
    made += left.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = left.find('}', open);
    const std::string_view hole = left.substr(open + 1, close - open - 1);
    left.remove_prefix(close + 1);
    if (hole == "image") {
      made += name;
    } else if (hole == "tag") {
      made += tag;
    } else if (!version) {
      return {};
    } else if (hole == "version") {
      made += version->version;
    } else if (hole == "rest") {
      made += version->rest;
    } else {
      made += numbers(version->version, hole == "release" ? 2 : 1);
    }
  }
  if (made.ends_with(':')) made.pop_back();  // `{tag}` of an image without one
  return made;
}

bool is_build_variable(std::string_view name) {
  return std::ranges::any_of(tables::build_variables, [&](std::string_view variable) {
    return matches_glob(variable, name);
  });
}

}  // namespace bulkhead::facts
