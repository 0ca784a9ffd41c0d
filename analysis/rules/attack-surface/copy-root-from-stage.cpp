#include <algorithm>

#include "analysis/facts/images.h"
#include "analysis/model/accounts.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

// As COPY --from reads it: from the root of the stage.
bool is_root_folder(const Word& source) {
  const Value value = source.value();
  const std::string path = normalized("/" + value.text);
  return value.known && (path == "/" || path == "/*");
}

bool goes_to_root(const Copy& copy) {
  const auto to = copy.destination();
  const auto stage = copy.stage();
  if (!to) return false;
  const Value folder = stage ? stage->state_before(copy.index()).folder : Value{"/", true, {}};
  const Value path = joined(folder, to->value());
  return path.known && path.text == "/";
}

// Whether the stage holds a system: something has run in it, or its image is known to bring a shell. Others
// may be no more than another name for an image of files (tonistiigi/xx).
bool holds_system(const Stage& stage) {
  const auto lineage = stage.lineage();
  const auto base = base_of(stage);
  return std::ranges::any_of(lineage, [](const Stage& at) { return !at.all<Run>().empty(); }) ||
         (base && facts::has_shell(base->name, base->tag) == true);
}

std::optional<Word> root_of_stage(const Copy& copy) {
  if (!copy.from()) return std::nullopt;
  const auto sources = copy.sources();
  const auto source = std::ranges::find_if(sources, is_root_folder);
  return source == sources.end() ? std::nullopt : std::optional(*source);
}

bool takes_root(const Instruction& instruction) {
  return instruction.kind() == Keyword::copy && root_of_stage(Copy(instruction)).has_value();
}

void check_copy(const Copy& copy, Report& report) {
  const auto name = copy.from();
  const auto source = root_of_stage(copy);
  const auto stage = copy.document().stage(name->text());
  // A stage on scratch holds what was put together for this, and nothing else.
  if (!stage || !goes_to_root(copy) || stage->lineage().back().from().is_scratch() ||
      !holds_system(*stage)) {
    return;
  }
  const auto own = copy.stage();
  const bool squashes = own && own->lineage().back().from().is_scratch();
  auto finding =
      report.at(*source, "This takes the whole file system of the stage " +
                             std::string(name->text()) + (squashes ? "" : " over this one's"));
  finding.related(stage->from(), "the stage with all that was installed in it");
  if (squashes) finding.severity(Severity::info);
}

// What the other stage holds is told by all of it.
void check(const Document& document, Report& report) {
  for (const Instruction& copy : report.instructions<takes_root>(document))
    check_copy(Copy(copy), report);
}

}  // namespace

extern constinit const Rule copy_root_from_stage{
    .id = "copy-root-from-stage",
    .title = "The whole file system of a stage copied",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3067"},
    .why = R"(
`COPY --from=build / /` carries over all that the other stage holds: compilers, package managers, sources,
caches, and what its author took for gone with the stage, credentials among it. It also replaces the files of
this stage's own base image, half of one distribution over half of another.

Copy the results, path by path. It is an `info` on `scratch`: there it is a way to make one layer of many,
which keeps everything of the stage, but hides no base image. A stage that is itself built on `scratch` is
there to collect files, and is left alone; so are other images, and a stage that only gives one of them a name. There is no fix, for only the author knows
what the results are.
)",
    .bad = R"(
FROM golang:1.26 AS build
RUN go build -o /out/server example.com/server
FROM debian:13
COPY --from=build / /
)",
    .good = R"(
FROM golang:1.26 AS build
RUN go build -o /out/server example.com/server
FROM debian:13
COPY --from=build /out/server /usr/local/bin/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#copy---from",
                   "https://docs.docker.com/build/building/multi-stage/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
