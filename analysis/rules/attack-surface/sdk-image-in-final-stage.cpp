#include <algorithm>
#include <string>
#include <string_view>

#include "analysis/facts/images.h"
#include "analysis/facts/registries.h"
#include "analysis/model/accounts.h"
#include "analysis/model/process.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

// Whether what is started may be what the tools are there for.
bool may_use_tools(const facts::SdkImage& sdk, const Process& process) {
  if (sdk.program.empty()) return false;
  const auto commands = process.start()->commands();
  const bool starts = std::ranges::any_of(
      commands, [&](const Command& command) { return command.name() == sdk.program; });
  return !starts || std::ranges::any_of(process.words, [&](std::string_view word) {
    return facts::matches_any_glob(sdk.unless, word);
  });
}

void check(const Stage& stage, Report& report) {
  // What starts nothing, or a prompt, is there for builds.
  const Process process = process_of(stage);
  const auto base = base_of(stage);
  if (!stage.is_shipped() || is_for_developers(stage)) return;
  if (!process.start() || is_prompt(process) || !base) return;
  const facts::SdkImage* sdk = facts::sdk_image(base->name, base->tag);
  if (!sdk || may_use_tools(*sdk, process)) return;
  const auto word = stage.from().image_word();
  auto finding = report.at(word ? word->span() : stage.span(),
                           "The image is shipped with " + std::string(sdk->tools) +
                               "; build in a stage of its own, and ship the result on " +
                               std::string(sdk->runtime));
  finding.related(process.start()->keyword(), "started in the image that is shipped");
  if (stage.parent())
    finding.related(base->from, "this is where " + std::string(sdk->tools) + " come in");
  if (word) finding.origins(stage.from(), word->value().variables, "the name comes from here");
}

}  // namespace

extern constinit const Rule sdk_image_in_final_stage{
    .id = "sdk-image-in-final-stage",
    .title = "The shipped image holds the tools that built it",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"tally:gpu/prefer-runtime-final-stage"},
    .why = R"(
Compilers, build tools and package managers are what an intruder needs to go on from a first hole: to fetch
more, and to build it where no signature is asked for. They also bring hundreds of packages with holes of
their own, and most of the image's size.

Build in one stage and copy the result into another that has only what the program needs to run: `scratch`,
a distroless image, a `-slim` or a `-jre` tag. The message names one that fits.

The rule looks at stages that may be shipped and that start something. It is silent where no command is set,
or only a prompt: such an image is a tool for builds. Of images with a JDK it tells where `java` is started, and
not with a source or a module of the compiler. Ignore it as well where the container is there to
compile. There is no fix at this place, for it takes a second stage and to know which files are the result; for a
single stage of a common kind, a code action on its FROM writes a draft of both.
)",
    .bad = R"(
FROM golang:1.26
WORKDIR /src
COPY . .
RUN go build -o /server .
USER 65532
CMD ["/server"]
)",
    .good = R"(
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /server .

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /server /
CMD ["/server"]
)",
    .references = {"https://docs.docker.com/build/building/multi-stage/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
