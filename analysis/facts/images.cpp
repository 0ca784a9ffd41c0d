#include "analysis/facts/images.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "analysis/facts/lookup.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {
namespace {

constexpr bool has_tag(const BaseImage& row) {
  return row.pattern.find(':') != std::string_view::npos;
}

// What follows from the distribution, by its name in the tables.
struct Flavour {
  std::string_view name;
  Distribution distribution;
  AccountTool tool;
  bool shell;
};

constexpr std::array flavours{
    Flavour{"alpine", Distribution::alpine, AccountTool::adduser, true},
    Flavour{"amazon", Distribution::rhel, AccountTool::shadow_utils, true},
    Flavour{"arch", Distribution::arch, AccountTool::useradd, true},
    Flavour{"azurelinux", Distribution::rhel, AccountTool::shadow_utils, true},
    Flavour{"busybox", Distribution::busybox, AccountTool::adduser, true},
    Flavour{"chiselled", Distribution::distroless, AccountTool::none, false},
    Flavour{"debian", Distribution::debian, AccountTool::useradd, true},
    Flavour{"distroless", Distribution::distroless, AccountTool::none, false},
    Flavour{"fedora", Distribution::rhel, AccountTool::useradd, true},
    Flavour{"mageia", Distribution::rhel, AccountTool::unknown, true},
    Flavour{"oracle", Distribution::rhel, AccountTool::useradd, true},
    Flavour{"photon", Distribution::rhel, AccountTool::unknown, true},
    Flavour{"rhel", Distribution::rhel, AccountTool::useradd, true},
    Flavour{"scratch", Distribution::scratch, AccountTool::none, false},
    Flavour{"suse", Distribution::suse, AccountTool::useradd, true},
    Flavour{"ubi-micro", Distribution::rhel, AccountTool::none, true},
    Flavour{"ubuntu", Distribution::ubuntu, AccountTool::useradd, true},
    Flavour{"windows", Distribution::windows, AccountTool::net_user, true},
    Flavour{"wolfi", Distribution::wolfi, AccountTool::adduser, true},
};

const Flavour* flavour_named(std::string_view name) {
  const auto* found = std::ranges::find(flavours, name, &Flavour::name);
  return found == flavours.end() ? nullptr : found;
}

// Products of endoflife.date, and what parts of tags are called, by the flavour that they are.
const Flavour* flavour_of_word(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 21> words{{
      {"al", "amazon"},          {"almalinux", "rhel"},
      {"amazonlinux", "amazon"}, {"azurelinux", "azurelinux"},
      {"centos", "rhel"},        {"centos-stream", "rhel"},
      {"chiseled", "chiselled"}, {"distroless", "distroless"},
      {"fedora", "fedora"},      {"nanoserver", "windows"},
      {"opensuse-leap", "suse"}, {"oracle", "oracle"},
      {"oraclelinux", "oracle"}, {"ol", "oracle"},
      {"rhel", "rhel"},          {"rhel-ubi", "rhel"},
      {"rockylinux", "rhel"},    {"servercore", "windows"},
      {"ubi", "rhel"},           {"windowsservercore", "windows"},
      {"photon", "photon"},
  }};
  const auto* found =
      std::ranges::find(words, word, &std::pair<std::string_view, std::string_view>::first);
  return flavour_named(found == words.end() ? word : found->second);
}

// "alpine3.20" -> "alpine"
constexpr std::string_view without_version(std::string_view part) {
  while (!part.empty() && (is_digit(part.back()) || part.back() == '.')) part.remove_suffix(1);
  return part;
}

// What the tag says; the last word counts, since a distroless noble is first of all distroless.
const Flavour* flavour_of_tag(std::string_view name, std::string_view tag) {
  const Flavour* flavour = nullptr;
  for (const TagMatch& match : match_tag(name, tag).parts) {
    if (const Flavour* next = flavour_of_word(match.product->name)) flavour = next;
  }
  any_part(tag, '-', [&](std::string_view part) {
    if (const Flavour* next = flavour_of_word(without_version(part))) flavour = next;
    return false;
  });
  return flavour;
}

const Flavour* flavour_of(std::string_view name, std::string_view tag) {
  if (const Flavour* flavour = flavour_of_tag(name, tag)) return flavour;
  if (const BaseImage* row = base_image(name, tag)) return flavour_named(row->distribution);
  const tables::Product* product = product_of(name);
  return product == nullptr ? nullptr : flavour_of_word(product->name);
}

}  // namespace

const BaseImage* base_image(std::string_view name, std::string_view tag) {
  name = canonical_name(name);
  tag = tag_or_latest(tag);
  const auto rank = [](const BaseImage& row) {
    return std::tuple(has_tag(row), row.pattern.find('*') == std::string_view::npos,
                      row.pattern.size());
  };
  static const RowsByCharacter rows(tables::base_images,
                                    [](const BaseImage& row) { return row.pattern.substr(0, 1); });
  const BaseImage* best = nullptr;
  for (const BaseImage* row : rows.of(name)) {
    if (!matches_image(row->pattern, name, tag)) continue;
    if (best == nullptr || rank(*row) > rank(*best)) best = row;
  }
  return best;
}

const SdkImage* sdk_image(std::string_view name, std::string_view tag) {
  name = canonical_name(name);
  tag = tag_or_latest(tag);
  const auto found = std::ranges::find_if(tables::sdk_images, [&](const SdkImage& row) {
    return matches_image(row.pattern, name, tag) &&
           !any_part(row.except, ',',
                     [&](std::string_view glob) { return matches_glob(glob, tag); });
  });
  return found == tables::sdk_images.end() ? nullptr : &*found;
}

bool has_variant(const BaseImage& image, std::string_view part) {
  return any_part(image.variants, ',', [&](std::string_view variant) { return variant == part; });
}

bool starts_server(std::string_view name, std::string_view tag) {
  const BaseImage* image = base_image(name, tag);
  if (image == nullptr || image->serves.empty()) return false;
  if (image->serves == "always") return true;
  return any_part(tag, '-', [&](std::string_view part) {
    return any_part(image->serves, ',', [&](std::string_view variant) { return variant == part; });
  });
}

Distribution distribution(std::string_view name, std::string_view tag) {
  return remembered(name, tag, [&] {
    const Flavour* flavour = flavour_of(canonical_name(name), tag_or_latest(tag));
    return flavour == nullptr ? Distribution::unknown : flavour->distribution;
  });
}

std::optional<bool> has_shell(std::string_view name, std::string_view tag) {
  name = canonical_name(name);
  tag = tag_or_latest(tag);
  const Flavour* flavour = flavour_of_tag(name, tag);
  const BaseImage* row = base_image(name, tag);
  if (row == nullptr) return flavour == nullptr ? std::nullopt : std::optional(flavour->shell);
  if (has_tag(*row) || flavour == nullptr) return row->shell;
  // An image that was made without a shell has none on Debian either (dhi.io); one that is a single
  // program has one where the tag says that it comes with a distribution (nats:2-alpine).
  return flavour->shell && (row->shell || row->distribution == "scratch");
}

AccountTool account_tool(std::string_view name, std::string_view tag) {
  name = canonical_name(name);
  tag = tag_or_latest(tag);
  if (has_shell(name, tag) == false) return AccountTool::none;
  const Flavour* flavour = flavour_of(name, tag);
  if (flavour == nullptr) return AccountTool::unknown;
  const auto minimal = [](std::string_view text) {
    return text.find("minimal") != std::string_view::npos;
  };
  if (flavour->tool == AccountTool::useradd && flavour->distribution == Distribution::rhel &&
      (minimal(name) || minimal(tag))) {
    return AccountTool::shadow_utils;
  }
  return flavour->tool;
}

}  // namespace bulkhead::facts
