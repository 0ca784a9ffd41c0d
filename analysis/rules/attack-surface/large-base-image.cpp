#include <algorithm>
#include <string>

#include "analysis/facts/images.h"
#include "analysis/facts/programs.h"
#include "analysis/model/image_use.h"
#include "analysis/rule.h"
#include "analysis/rules/image_tags.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// Whether the tag says the release and nothing else, so that `-slim` behind it makes another one.
bool is_plain(std::string_view tag) {
  return std::ranges::all_of(tag, [](char c) { return is_digit(c) || c == '.'; });
}

// Whether something in the stage may need what the smaller image leaves out.
bool needs_more(const Stage& stage) {
  return std::ranges::any_of(stage.all<Run>(), [](const Run& run) {
    if (run.script().opaque || run.script().has_error) return true;
    return std::ranges::any_of(run.commands(), [](const Command& command) {
      const bool assigns = command.data().words.empty();
      return !assigns && (command.name().empty() || facts::slim_lacks(command.name()));
    });
  });
}

void check(const Stage& stage, Report& report) {
  const auto use = image_of(stage.from());
  if (!stage.is_shipped() || !use || !use->image.digest.empty() || !is_plain(use->image.tag))
    return;
  const std::string name = use->image.familiar_name();
  const facts::BaseImage* known = facts::base_image(name, use->image.tag);
  // The smaller variant of a distribution only lacks manuals, and a server's is named otherwise.
  const bool language = known && known->distribution != name && known->serves.empty();
  if (!language || !facts::has_variant(*known, "slim") || needs_more(stage)) return;
  const std::string slim = use->image.tag.empty() ? "slim" : use->image.tag + "-slim";
  auto finding =
      report.at(use->span, "Nothing here uses what " + name + ":" + slim + " leaves out");
  finding.origins(stage.from(), use->variables, "the tag comes from here");
  offer_tag(finding, *use, slim);
}

}  // namespace

extern constinit const Rule large_base_image{
    .id = "large-base-image",
    .title = "A smaller variant of the image would do",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .enabled = false,
    .aliases = {"cis:4.3", "dockle:CIS-DI-0003"},
    .why = R"(
The default tags of language images come with compilers, version control, header files and hundreds of
libraries, so that any package can be built in them. In an image that is shipped all of that is there to be
attacked and to be kept up to date. The `-slim` tags of the same images have only what the language needs to
run.

The rule looks at the steps of a stage that may be shipped, and speaks where none of them calls a program that
the slim image lacks. It cannot see into scripts, nor what the program calls; hence it is off unless asked
for, and the fix is unsafe. Tags with anything besides the release are left alone.
)",
    .bad = R"(
FROM python:3.14
COPY . /app
RUN pip install --no-cache-dir /app
CMD ["python", "-m", "app"]
)",
    .good = R"(
FROM python:3.14-slim
COPY . /app
RUN pip install --no-cache-dir /app
CMD ["python", "-m", "app"]
)",
    .references =
        {"https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
