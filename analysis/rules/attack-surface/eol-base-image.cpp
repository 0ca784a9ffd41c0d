#include <algorithm>
#include <string>
#include <vector>

#include "analysis/facts/end_of_life.h"
#include "analysis/rule.h"
#include "analysis/rules/image_tags.h"
#include "analysis/rules/release_traces.h"

namespace bulkhead::rules {
namespace {

using facts::Date;
using facts::End;
using facts::Support;

std::string iso(Date date) {
  const auto padded = [](unsigned value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
  };
  return std::to_string(static_cast<int>(date.year())) + "-" +
         padded(static_cast<unsigned>(date.month())) + "-" +
         padded(static_cast<unsigned>(date.day()));
}

// " since 2023-09-11", or nothing where only the fact is known.
std::string dated(std::string_view preposition, const End& end) {
  const auto day = end.day();
  return day ? " " + std::string(preposition) + " " + iso(*day) : std::string();
}

std::string sentence(const Support& support, Date today) {
  const std::string release = std::string(support.product) + " " + std::string(support.cycle);
  if (support.extended.kind == End::Kind::none) {
    if (!support.eol.day()) return release + " gets no security fixes any more";
    return release + " has had no security fixes" + dated("since", support.eol);
  }
  if (support.extended.passed(today)) {
    return release + " has had no security fixes" + dated("since", support.extended) +
           ", its standard support ended" + dated("on", support.eol);
  }
  return release + " left standard support" + dated("on", support.eol) +
         "; its extended support (LTS, or paid) goes on" + dated("until", support.extended);
}

void check(const Stage& stage, Report& report) {
  const From from = stage.from();
  const auto use = image_of(from);
  const auto today = report.context().today;
  if (!use || !today) return;
  const std::string name = use->image.familiar_name();

  std::vector<Support> ended = facts::support_of(name, use->image.tag);
  std::erase_if(ended, [&](const Support& support) { return !support.eol.passed(*today); });
  if (ended.empty()) return;
  std::string message;
  for (const Support& support : ended)
    message += (message.empty() ? "" : "; ") + sentence(support, *today);

  auto finding = report.at(use->span, message);
  if (std::ranges::any_of(ended, [&](const Support& s) { return s.extended.passed(*today); })) {
    finding.severity(Severity::error);
  }
  finding.origins(from, use->variables, "the version comes from here");
  const auto tag =
      facts::supported_tag(name, use->image.tag, *today, first_without_programs(from, report));
  unless_tied(finding, release_traces(from, ended, tag ? name + ":" + *tag : "", report),
              [&] { offer_tag(finding, *use, tag); });
}

}  // namespace

extern constinit const Rule eol_base_image{
    .id = "eol-base-image",
    .title = "Base image past its end of life",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"tally:ruby/eol-ruby-version", "cis:4.4"},
    .why = R"(
After its end of life a distribution or a language gets no more security fixes: each hole that is found
from then on stays open in every image that is built on it.

The rule reads the release from the tag, for the image itself and for the distribution that the tag names
(`node:16-alpine3.15` is Node.js 16 on Alpine 3.15). A part of a version, as in `python:2`, counts once all its
releases have ended and there is a later one. It is a warning from the end of the standard support on, and an error
when the extended support (LTS, paid) is over as well. The dates are those of endoflife.date; bulkhead carries a
copy and asks nobody.

While the extended support goes on, an image that only has packages of the distribution may be well kept up:
those of Debian's LTS team come without being asked for. Ignore the warning until the day that it names.

The fix takes the newest supported release, with the same variant. It is unsafe: a new major release may ask for
changes in the program. Where steps call a program that images no longer bring from a release on, as `yarn` of
`node`, it is the newest in front of that. There is none with a digest behind the tag or several variables in it,
and none where other steps need the old release, which would then fail: they name it (`python3.7/site-packages`,
`buster`), install packages that only it has (`php7.2-fpm`, `curl=7.64.0-4`), or make an account that the new one
brings itself (1000 is `ubuntu` in Ubuntu from 23.04 on, `app` is there in .NET from 8.0 on). The finding shows
them.
)",
    .bad = R"(
FROM debian:buster-slim
)",
    .good = R"(
FROM debian:trixie-slim
)",
    .references = {"https://endoflife.date/"},
    .checks = each<check>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
