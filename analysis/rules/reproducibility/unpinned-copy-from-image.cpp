#include "analysis/model/image_use.h"
#include "analysis/rule.h"
#include "analysis/rules/image_tags.h"

namespace bulkhead::rules {
namespace {

void check(const Instruction& instruction, Report& report) {
  for (const ImageUse& use : images_of(instruction)) {
    if (use.by == ImageUse::By::from || !use.floats()) continue;
    const std::string name = use.image.familiar_name();
    auto finding =
        report.at(use.span, name + (use.image.tag.empty() ? " has no tag: " : ":latest moves: ") +
                                "the next build may take files of another release");
    offer_stable_tag(finding, use, report.context());
  }
}

}  // namespace

extern constinit const Rule unpinned_copy_from_image{
    .id = "unpinned-copy-from-image",
    .title = "Files taken from an image without a version",
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .aliases = {},
    .why = R"(
`COPY --from` and `RUN --mount=from` take files out of an image, mostly programs that then run in the build
or are shipped. Without a tag, or with `latest`, these are whatever was pushed last: another release
arrives unasked, and nobody can say afterwards which one it was.

A tag that names the release still gets its patches; a digest fixes the very bytes. A single word that is
no known image is taken for a build context (`docker build --build-context name=...`), and nothing is said.

The fix takes the newest supported release that bulkhead knows of, which may not be the one that is
wanted; hence it is unsafe. Where no release is known there is no fix.
)",
    .bad = R"(
FROM php:8.5
COPY --from=composer /usr/bin/composer /usr/bin/
)",
    .good = R"(
FROM php:8.5
COPY --from=composer:2.10 /usr/bin/composer /usr/bin/
)",
    .references =
        {"https://docs.docker.com/reference/dockerfile/#copy---from",
         "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
