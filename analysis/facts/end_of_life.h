#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How long what is in an image gets security updates, after endoflife.date; `name` and `tag` as in
// images.h. "Today" is always an argument.
namespace bulkhead::facts {

using Date = std::chrono::year_month_day;

// The end of a period of support.
struct End {
  enum class Kind : std::uint8_t {
    none,  // not set, or there is no such period
    past,  // over since a day that is not known
    on,    // on `date`, which still belongs to the period
  };
  Kind kind = Kind::none;
  Date date{};

  constexpr bool passed(Date today) const {
    return kind == Kind::past || (kind == Kind::on && date < today);
  }
  // The day, where it is known.
  constexpr std::optional<Date> day() const {
    return kind == Kind::on ? std::optional(date) : std::nullopt;
  }
  bool operator==(const End&) const = default;
};

// One release cycle of a product.
struct Support {
  std::string_view product;   // as in endoflife.date: "node", "debian", "alpine"
  std::string_view cycle;     // "16", "3.15"
  std::string_view codename;  // "buster"; empty when there is none
  bool lts;
  Date released;
  End eol;                  // of updates for everyone
  End extended;             // of LTS or paid support, where there is some beyond `eol`
  std::string_view latest;  // last release of the cycle, in full
};

// What the tag names: the image's own product, then what the rest of the tag says it is built on
// (node:16-alpine3.15: node 16, alpine 3.15). For a version that is older than all that are known
// the cycle is "before 1.10", its end past; for a part of one that has a later one (python:2) the cycle in it
// that is supported longest. Empty when the tag names no version (latest, slim).
std::vector<Support> support_of(std::string_view name, std::string_view tag);

// The cycle to move to: the newest LTS that is supported, or the newest one supported where there
// is no LTS or it is far behind. None when the product is not known or nothing of it is supported.
std::optional<Support> newest_supported(std::string_view product, Date today);

// The tag to move to from one that names something at its end: the same variant of the newest
// supported cycle, and of the newest distribution that the image is known to be built on. Prefers
// the general tag that is sure to exist (26-alpine, not 26.7.0-alpine3.24).
//   node:16-alpine3.15 -> 26-alpine      python:3.7-slim-buster -> 3.14-slim-trixie
//   debian:buster-slim -> trixie-slim    python:3.12-slim-buster -> 3.12-slim-trixie
// None when nothing in `tag` is at its end, when there is nothing to move to (centos:7), or when it
// is not known whether the tag would exist. With `below` it stays in front of that release of the image.
std::optional<std::string> supported_tag(std::string_view name, std::string_view tag, Date today,
                                         std::string_view below = {});

// The tag to use in place of none or `latest`: node -> "26", ubuntu -> "26.04". None for images
// without a known product, and for those that are deprecated.
std::optional<std::string> stable_tag(std::string_view name, Date today);

// The image to move to from one that is deprecated, "name:tag", with the parts of the tag that it has
// as well: openjdk:11-jre-slim -> eclipse-temurin:11-jre. None where there is no heir, or where it is
// not known which of its tags would fit.
std::optional<std::string> successor(std::string_view name, std::string_view tag, Date today);

// How old the data are: the day of the newest release in them.
Date end_of_life_snapshot();

}  // namespace bulkhead::facts
