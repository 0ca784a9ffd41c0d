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

constexpr bool is_of_image(const tables::User& row) {
  return row.image != "*" && !row.image.starts_with('@');
}

// Rows about images themselves that may be about this one.
std::span<const tables::User* const> rows_about(std::string_view name) {
  static const RowsByCharacter rows(tables::users, [](const tables::User& row) {
    return is_of_image(row) ? row.image.substr(0, 1) : "";
  });
  return rows.of(name);
}

// Rows about all images, and those that may be about the distribution, "@debian".
std::span<const tables::User* const> rows_about_distribution(std::string_view name) {
  static const RowsByCharacter rows(tables::users, [](const tables::User& row) {
    return is_of_image(row) ? "" : row.image == "*" ? row.image : row.image.substr(1, 1);
  });
  return rows.of(name.empty() ? name : name.substr(1));
}

// An image, and what rows about users have to be compared with.
struct Image {
  std::string_view name;
  std::string_view tag;
  Distribution distribution;

  Image(std::string_view image_name, std::string_view image_tag)
      : name(canonical_name(image_name)),
        tag(tag_or_latest(image_tag)),
        distribution(facts::distribution(name, tag)) {}

  bool is_scratch() const { return name == "scratch"; }

  // The version of its distribution, as in the tables; empty: the newest.
  std::string_view distribution_version() const {
    const std::string_view own = name_of(distribution);
    std::string_view version;
    const TagMatches matches = match_tag(name, tag);
    const auto note = [&](const TagMatch& match) {
      if (own.ends_with(match.product->name)) version = match.cycle->support.cycle;
    };
    if (matches.version) note(*matches.version);
    for (const TagMatch& match : matches.parts) note(match);
    return version;
  }

  // Calls `use` with each row about the image itself, and whether that is of the version which the row begins
  // to hold with, until it says so; whether it did.
  template <class Use>
  bool any_own_row(Use use) const {
    const std::string_view version = version_of(tag);
    return std::ranges::any_of(rows_about(name), [&](const tables::User* row) {
      return matches_image(row->image, name, tag) && use(*row, is_new_enough(version, *row));
    });
  }

  static bool is_new_enough(std::string_view version, const tables::User& row) {
    return version.empty() || !is_older(version, row.since);
  }
};

// A later row of the same name says more exactly what an earlier one said: www-data is 33 in php, but 82 in
// php:*alpine*.
void add(std::vector<ImageUser>& users, const ImageUser& user) {
  if (user.name.empty() && !user.uid) return;  // it says nothing
  const auto same = std::ranges::find(users, user.name, &ImageUser::name);
  if (same == users.end()) {
    users.push_back(user);
  } else {
    *same = user;
  }
}

void add_own_users(const Image& image, std::vector<ImageUser>& users) {
  image.any_own_row([&](const tables::User& row, bool is_new_enough) {
    if (is_new_enough) add(users, row.user);
    return false;
  });
}

std::vector<ImageUser> find_users(const Image& image) {
  std::vector<ImageUser> users;
  users.reserve(32);
  const std::string_view distribution = name_of(image.distribution);
  const std::string_view version = image.distribution_version();
  for (const tables::User* row : rows_about_distribution(distribution)) {
    const bool matches = row->image == "*" ? !image.is_scratch() : row->image == distribution;
    if (matches && Image::is_new_enough(version, *row)) add(users, row->user);
  }
  add_own_users(image, users);
  return users;
}

// Holds until the next call.
const std::vector<ImageUser>& last_users_of(std::string_view name, std::string_view tag) {
  return remembered(name, tag, [&] { return find_users({name, tag}); });
}

DefaultUser find_default_user(std::string_view name, std::string_view tag) {
  const Image image(name, tag);
  // On Windows the edition decides, and with it all images that are built on it.
  if (image.distribution == Distribution::windows) {
    const auto is_nano = [](std::string_view text) {
      return text.find("nanoserver") != std::string_view::npos;
    };
    if (is_nano(name) || is_nano(tag)) {
      return {Kind::non_root, "ContainerUser", "ContainerUser", Evidence::known};
    }
    return {Kind::root, windows_administrator, windows_administrator, Evidence::known};
  }
  // What rows about users say is more exact, for they know tags and versions; the last most of all.
  std::vector<ImageUser> users;
  add_own_users(image, users);
  const auto user = std::find_if(users.rbegin(), users.rend(),
                                 [](const ImageUser& known) { return known.is_default; });
  const BaseImage* row = base_image(name, tag);
  if (user != users.rend()) {
    std::string_view written = user->name;
    if (written.empty() && row != nullptr) written = row->user;
    return {Kind::non_root, written, written, user->evidence};
  }
  const bool too_old = image.any_own_row([](const tables::User& known, bool is_new_enough) {
    return known.user.is_default && !is_new_enough;
  });
  if (too_old) return {Kind::root, "root", "root", Evidence::known};

  if (row == nullptr || row->user.empty()) return {};
  const bool root = row->user == "root";
  const Kind kind = !root                            ? Kind::non_root
                    : row->runtime_user != row->user ? Kind::steps_down
                                                     : Kind::root;
  return {kind, row->user, row->runtime_user, row->user_evidence};
}

}  // namespace

std::vector<ImageUser> users_of(std::string_view name, std::string_view tag) {
  return last_users_of(name, tag);
}

std::optional<ImageUser> find_user(std::string_view name, std::string_view tag,
                                   std::string_view user) {
  const std::vector<ImageUser>& users = last_users_of(name, tag);
  const auto uid = number(user);
  const auto found = std::ranges::find_if(users, [&](const ImageUser& known) {
    return uid ? known.uid == uid : !user.empty() && known.name == user;
  });
  return found == users.end() ? std::nullopt : std::optional(*found);
}

bool knows_all_users(std::string_view name, std::string_view tag) {
  const Image image(name, tag);
  const bool has_row = image.any_own_row([](const tables::User&, bool) { return true; });
  // Of distroless images all accounts are in the rows about the image.
  return has_row && (!name_of(image.distribution).empty() || image.is_scratch() ||
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
  return remembered(name, tag, [&] { return find_default_user(name, tag); });
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
