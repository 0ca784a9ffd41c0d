#include "analysis/facts/end_of_life.h"

#include <algorithm>
#include <array>

#include "analysis/facts/images.h"
#include "analysis/facts/lookup.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {
namespace {

// Of the cycles of `product` that are supported `today` and that `accept` takes, the newest.
template <class Accept>
const Support* newest(std::string_view product, Date today, Accept accept) {
  const Support* best = nullptr;
  for (const tables::Product& each : tables::products) {
    if (each.name != product) continue;
    for (const tables::Cycle& cycle : each.cycles) {
      const Support& next = cycle.support;
      if (next.released > today || next.eol.passed(today) || !accept(next)) continue;
      if (best == nullptr || next.released > best->released) best = &next;
    }
  }
  return best;
}

// Never goes back: who is on a release newer than the last LTS is sent to a still newer one. And an
// LTS that is far behind is for those who cannot move (Composer 2.2), not for those who choose.
const Support* newest_after(std::string_view product, Date today, Date released,
                            std::string_view below = {}) {
  const auto later = [&](const Support& next) {
    return next.released > released && (below.empty() || is_older(next.cycle, below));
  };
  const Support* any = newest(product, today, later);
  const Support* lts =
      newest(product, today, [&](const Support& next) { return next.lts && later(next); });
  if (lts == nullptr) return any;
  return any->released > lts->released + std::chrono::years(2) ? any : lts;
}

constexpr Date long_ago{std::chrono::year(0), std::chrono::month(1), std::chrono::day(1)};

// How a cycle is written in tags of the image; none when that is not known.
std::optional<std::string> tag_of(const Support& cycle, std::string_view name) {
  switch (tag_form(name)) {
    case tables::Form::cycle:
      return std::string(cycle.cycle);
    case tables::Form::cycle_zero:
      return std::string(cycle.cycle) +
             (cycle.cycle.find('.') == std::string_view::npos ? ".0" : "");
    case tables::Form::latest:
      if (cycle.latest.empty()) return std::nullopt;
      return std::string(cycle.latest);
    case tables::Form::v_latest:
      if (cycle.latest.empty()) return std::nullopt;
      return 'v' + std::string(cycle.latest);
    case tables::Form::none:
      break;
  }
  return std::nullopt;
}

bool is_snapshot_date(std::string_view part) {
  return part.size() == 8 && std::ranges::all_of(part, is_digit);
}

// Writes the parts of a tag for a move to what is supported.
class TagWriter {
 public:
  TagWriter(std::string_view name, const BaseImage* image, bool version_moves, Date today,
            std::string_view below)
      : name_(name), image_(image), version_moves_(version_moves), today_(today), below_(below) {}

  // false: not known whether such a tag exists.
  bool version(std::string_view text, const Support& from) {
    const std::string_view written = version_of(text);
    if (!version_moves_ && from.cycle.starts_with(written) && written.size() < from.cycle.size()) {
      append(text);  // a part of a version
      return true;
    }
    const Support* to =
        version_moves_ ? newest_after(from.product, today_, from.released, below_) : &from;
    if (to == nullptr) return false;
    if (!from.codename.empty() && text == from.codename) {
      if (to->codename.empty()) return false;
      append(to->codename);
      return true;
    }
    const auto tag = tag_of(*to, name_);
    if (tag) append(*tag);
    return tag.has_value();
  }

  // A part that names what the image is built on.
  bool platform(std::string_view text, const Support& from) {
    const bool ended = from.eol.passed(today_);
    if (!ended && (!version_moves_ || exists(text))) {
      append(text);
      return true;
    }
    if (from.product == "alpine") {  // without a version it is the newest that there is
      if (exists("alpine")) append("alpine");
      return exists("alpine");
    }
    if (from.product != "debian" && from.product != "ubuntu") return false;
    if (text != from.codename) return false;
    const Support* to = newest(from.product, today_, [&](const Support& next) {
      return next.released > from.released && exists(next.codename);
    });
    // Without it the tag is the more general one, which is built on what the image is built on now.
    if (to != nullptr) append(to->codename);
    return true;
  }

  bool other(std::string_view text) {
    if (is_snapshot_date(text)) return true;
    if (exists(text)) {
      append(text);
      return true;
    }
    return text == "slim" && image_ != nullptr;  // does the same without
  }

  const std::string& tag() const { return tag_; }

 private:
  bool exists(std::string_view part) const {
    return image_ != nullptr && has_variant(*image_, part);
  }
  void append(std::string_view part) {
    if (!tag_.empty()) tag_ += '-';
    tag_ += part;
  }

  std::string_view name_;
  const BaseImage* image_;
  bool version_moves_;
  Date today_;
  std::string_view below_;
  std::string tag_;
};

}  // namespace

std::vector<Support> support_of(std::string_view name, std::string_view tag) {
  name = canonical_name(name);
  const TagMatches matches = match_tag(name, tag_or_latest(tag));
  std::vector<Support> found;
  if (matches.version) found.push_back(matches.version->cycle->support);
  for (const TagMatch& match : matches.parts) found.push_back(match.cycle->support);
  // These say in their name what others say in the tag.
  if (name.starts_with("gcr.io/distroless/")) {
    for (const TagMatch& match : match_parts(name.substr(name.rfind('/') + 1), 0)) {
      found.push_back(match.cycle->support);
    }
  }
  return found;
}

std::optional<Support> newest_supported(std::string_view product, Date today) {
  const Support* found = newest_after(product, today, long_ago);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::optional<std::string> supported_tag(std::string_view name, std::string_view tag, Date today,
                                         std::string_view below) {
  name = canonical_name(name);
  tag = tag_or_latest(tag);
  const BaseImage* image = base_image(name, tag);
  if (image != nullptr && image->deprecation != Deprecation::no) return std::nullopt;

  const TagMatches matches = match_tag(name, tag);
  const auto ended = [&](const TagMatch& match) { return match.cycle->support.eol.passed(today); };
  const bool version_ended = matches.version && ended(*matches.version);
  if (!version_ended && std::ranges::none_of(matches.parts, ended)) return std::nullopt;

  TagWriter writer(name, image, version_ended, today, below);
  std::size_t at = 0;
  if (matches.version) {
    const TagMatch& version = *matches.version;
    if (!writer.version(tag.substr(0, version.end), version.cycle->support)) return std::nullopt;
    at = std::min(tag.find('-', version.end), tag.size());  // leaves out 13.2 in 16.13.2
    if (at < tag.size()) ++at;
  }
  auto part = matches.parts.begin();
  while (at < tag.size()) {
    std::size_t end = std::min(tag.find('-', at), tag.size());
    bool known = false;
    if (part != matches.parts.end() && part->begin == at) {
      end = part->end;
      known = writer.platform(tag.substr(at, end - at), part->cycle->support);
      ++part;
    } else {
      known = writer.other(tag.substr(at, end - at));
    }
    if (!known) return std::nullopt;
    at = end + 1;
  }
  if (writer.tag().empty() || writer.tag() == tag) return std::nullopt;
  return writer.tag();
}

std::optional<std::string> stable_tag(std::string_view name, Date today) {
  name = canonical_name(name);
  const BaseImage* image = base_image(name);
  if (image != nullptr && image->deprecation != Deprecation::no) return std::nullopt;
  const tables::Product* product = product_of(name);
  if (product == nullptr) return std::nullopt;
  const Support* cycle = newest_after(product->name, today, long_ago);
  return cycle == nullptr ? std::nullopt : tag_of(*cycle, name);
}

namespace {

// The oldest release of the image that is supported and not older than `version`.
const Support* nearest_supported(std::string_view name, std::string_view version, Date today) {
  const tables::Product* product = product_of(name);
  if (product == nullptr) return nullptr;
  const Support* best = nullptr;
  for (const tables::Cycle& cycle : product->cycles) {
    const Support& next = cycle.support;
    if (next.released > today || next.eol.passed(today) || is_older(next.cycle, version)) continue;
    if (best == nullptr || is_older(next.cycle, best->cycle)) best = &next;
  }
  return best;
}

// The tag of `heir` for one that its predecessor had.
std::optional<std::string> inherited_tag(std::string_view heir, std::string_view tag, Date today) {
  const std::string_view version = version_of(tag);
  const Support* cycle = nearest_supported(heir, version, today);
  if (version.empty()) return stable_tag(heir, today);
  auto result = cycle == nullptr ? std::nullopt : tag_of(*cycle, heir);
  const BaseImage* image = base_image(heir);
  if (!result || image == nullptr) return result;
  any_part(tag, '-', [&](std::string_view part) {
    constexpr std::array<std::string_view, 3> kept{"jdk", "jre", "alpine"};
    while (!part.empty() && (is_digit(part.back()) || part.back() == '.')) part.remove_suffix(1);
    const bool keeps = std::ranges::find(kept, part) != kept.end() && has_variant(*image, part);
    if (keeps) *result += '-' + std::string(part);
    if (part.starts_with("windows") || part == "nanoserver") result.reset();
    return !result;
  });
  return result;
}

}  // namespace

std::optional<std::string> successor(std::string_view name, std::string_view tag, Date today) {
  name = canonical_name(name);
  const BaseImage* image = base_image(name, tag);
  if (image == nullptr || image->successor.empty()) return std::nullopt;
  std::string heir(image->successor);
  const std::string_view pattern = image->pattern.substr(0, image->pattern.find(':'));
  if (const auto star = heir.find('*'); star != std::string::npos) {
    heir.replace(star, 1, name.substr(pattern.find('*')));
  }
  if (image->successor_tag == SuccessorTag::same) {
    return tag.empty() ? heir : heir + ':' + std::string(tag);
  }
  const auto inherited = inherited_tag(heir, tag == "latest" ? "" : tag, today);
  return inherited ? std::optional(heir + ':' + *inherited) : std::nullopt;
}

Date end_of_life_snapshot() {
  return tables::end_of_life_snapshot;
}

}  // namespace bulkhead::facts
