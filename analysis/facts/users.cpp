#include "analysis/facts/users.h"

#include <algorithm>
#include <charconv>

#include "analysis/facts/lookup.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {
namespace {

using Kind = DefaultUser::Kind;

constexpr std::string_view distroless_images = "gcr.io/distroless/";
constexpr std::string_view windows_administrator = "ContainerAdministrator";

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

std::string_view name_of(Distribution distribution) {
  switch (distribution) {
    case Distribution::debian:
      return "@debian";
    case Distribution::ubuntu:
      return "@ubuntu";
    case Distribution::alpine:
      return "@alpine";
    case Distribution::rhel:
      return "@rhel";
    case Distribution::wolfi:
      return "@wolfi";
    case Distribution::busybox:
      return "@busybox";
    case Distribution::unknown:
    case Distribution::suse:
    case Distribution::arch:
    case Distribution::distroless:
    case Distribution::scratch:
    case Distribution::windows:
      break;
  }
  return "";  // its accounts are not in the tables
}

// An image, and what rows about users have to be compared with.
struct Image {
  std::string_view name;
  std::string_view tag;
  std::string_view version;  // empty: the newest
  bool is_windows;
  std::string_view distribution;          // as in the tables: "@debian"
  std::string_view distribution_version;  // empty: the newest

  Image(std::string_view image_name, std::string_view image_tag)
      : name(canonical_name(image_name)), tag(tag_or_latest(image_tag)), version(version_of(tag)) {
    const Distribution own = facts::distribution(name, tag);
    is_windows = own == Distribution::windows;
    distribution = name_of(own);
    const TagMatches matches = match_tag(name, tag);
    const auto note = [&](const TagMatch& match) {
      if (distribution.ends_with(match.product->name)) {
        distribution_version = match.cycle->support.cycle;
      }
    };
    if (matches.version) note(*matches.version);
    for (const TagMatch& match : matches.parts) note(match);
  }

  bool is_scratch() const { return name == "scratch"; }
  // Rows about the image itself, rather than about its distribution or about all.
  bool is_own(const tables::User& row) const {
    return !row.user.of_distribution && matches_image(row.image, name, tag);
  }
  bool matches(const tables::User& row) const {
    if (row.image == "*") return !is_scratch();
    return row.image.starts_with('@') ? row.image == distribution
                                      : matches_image(row.image, name, tag);
  }
  // Whether it is of the version that the row begins to hold with.
  bool is_new_enough(const tables::User& row) const {
    const std::string_view own = row.user.of_distribution ? distribution_version : version;
    return own.empty() || !is_older(own, row.since);
  }
};

constexpr bool says_nothing(const ImageUser& user) {
  return user.name.empty() && !user.uid;
}

// Those that may be about the image, or about its distribution.
std::span<const tables::User* const> rows_about(const Image& image) {
  static const RowsByCharacter rows(tables::users, [](const tables::User& row) {
    return row.image.starts_with('@') ? std::string_view("*") : row.image.substr(0, 1);
  });
  return rows.of(image.name);
}

std::vector<ImageUser> users_of(const Image& image) {
  std::vector<ImageUser> users;
  for (const tables::User* row : rows_about(image)) {
    if (says_nothing(row->user) || !image.matches(*row) || !image.is_new_enough(*row)) continue;
    // A later row of the same name says more exactly what an earlier one said: www-data is 33 in
    // php, but 82 in php:*alpine*.
    const auto same = std::ranges::find(users, row->user.name, &ImageUser::name);
    if (same == users.end()) {
      users.push_back(row->user);
    } else {
      *same = row->user;
    }
  }
  return users;
}

}  // namespace

std::vector<ImageUser> users_of(std::string_view name, std::string_view tag) {
  return users_of(Image(name, tag));
}

std::optional<ImageUser> find_user(std::string_view name, std::string_view tag,
                                   std::string_view user) {
  const auto users = users_of(name, tag);
  const auto uid = number(user);
  const auto found = std::ranges::find_if(users, [&](const ImageUser& known) {
    return uid ? known.uid == uid : !user.empty() && known.name == user;
  });
  return found == users.end() ? std::nullopt : std::optional(*found);
}

bool knows_all_users(std::string_view name, std::string_view tag) {
  const Image image(name, tag);
  const bool has_row = std::ranges::any_of(
      rows_about(image), [&](const tables::User* row) { return image.is_own(*row); });
  // Of distroless images all accounts are in the rows about the image.
  return has_row && (!image.distribution.empty() || image.is_scratch() ||
                     image.name.starts_with(distroless_images));
}

std::optional<ImageUser> own_user(std::string_view name, std::string_view tag) {
  std::optional<ImageUser> own;
  for (const ImageUser& user : users_of(name, tag)) {
    if (user.of_distribution || user.name.empty() || user.name == "nobody") continue;
    if (user.name == windows_administrator) continue;
    if (own) return std::nullopt;
    own = user;
  }
  return own;
}

DefaultUser default_user(std::string_view name, std::string_view tag) {
  const Image image(name, tag);
  // On Windows the edition decides, and with it all images that are built on it.
  if (image.is_windows) {
    const auto is_nano = [](std::string_view text) {
      return text.find("nanoserver") != std::string_view::npos;
    };
    if (is_nano(name) || is_nano(tag)) {
      return {Kind::non_root, "ContainerUser", "ContainerUser", Evidence::known};
    }
    return {Kind::root, windows_administrator, windows_administrator, Evidence::known};
  }
  // What rows about users say is more exact, for they know tags and versions; the last most of all.
  const std::vector<ImageUser> users = users_of(image);
  const auto user = std::find_if(users.rbegin(), users.rend(),
                                 [](const ImageUser& known) { return known.is_default; });
  const BaseImage* row = base_image(name, tag);
  if (user != users.rend()) {
    std::string_view written = user->name;
    if (written.empty() && row != nullptr) written = row->user;
    return {Kind::non_root, written, written, user->evidence};
  }
  const bool too_old = std::ranges::any_of(rows_about(image), [&](const tables::User* known) {
    return known->user.is_default && image.is_own(*known) && !image.is_new_enough(*known);
  });
  if (too_old) return {Kind::root, "root", "root", Evidence::known};

  if (row == nullptr || row->user.empty()) return {};
  const bool root = row->user == "root";
  const Kind kind = !root                            ? Kind::non_root
                    : row->runtime_user != row->user ? Kind::steps_down
                                                     : Kind::root;
  return {kind, row->user, row->runtime_user, row->user_evidence};
}

std::optional<std::string> nonroot_tag(std::string_view name, std::string_view tag) {
  if (!name.starts_with(distroless_images)) return std::nullopt;
  tag = tag_or_latest(tag);
  if (tag.find("nonroot") != std::string_view::npos) return std::nullopt;
  // Both may be followed by an architecture: latest-arm64, debug-arm64.
  if (tag.starts_with("latest")) return "nonroot" + std::string(tag.substr(6));
  if (tag.starts_with("debug")) return "debug-nonroot" + std::string(tag.substr(5));
  return std::nullopt;
}

}  // namespace bulkhead::facts
