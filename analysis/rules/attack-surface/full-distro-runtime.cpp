#include <algorithm>
#include <optional>
#include <string>

#include "analysis/facts/images.h"
#include "analysis/model/accounts.h"
#include "analysis/model/image_use.h"
#include "analysis/model/paths.h"
#include "analysis/model/process.h"
#include "analysis/model/rewrite.h"
#include "analysis/rule.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

using facts::Distribution;

bool is_full(Distribution distribution) {
  switch (distribution) {
    case Distribution::debian:
    case Distribution::ubuntu:
    case Distribution::alpine:
    case Distribution::rhel:
    case Distribution::suse:
    case Distribution::arch:
    case Distribution::wolfi:
      return true;
    default:
      return false;
  }
}

// Whether the stage does no more than put files together, so that nothing in it calls a shell.
bool only_copies(const Stage& stage) {
  return std::ranges::all_of(stage.instructions(), [](const Instruction& instruction) {
    switch (instruction.kind()) {
      case Keyword::run:
      case Keyword::add:
      case Keyword::shell:
      case Keyword::onbuild:
      case Keyword::unknown:
        return false;
      case Keyword::cmd:
      case Keyword::entrypoint:
      case Keyword::healthcheck:
        return instruction.is_json();
      default:
        return true;
    }
  });
}

// The stage of the document that `program` is copied from.
std::optional<Stage> origin(const Stage& stage, std::string_view program) {
  for (const Copy& copy : stage.all<Copy>()) {
    const auto name = copy.from();
    const auto to = copy.destination();
    if (!name || !to) continue;
    const std::string place = joined(stage.state_before(copy.index()).folder, to->value()).text;
    if (place == program ||
        place == program.substr(0, std::max<std::size_t>(program.rfind('/'), 1)))
      return copy.document().stage_named(name->text());
  }
  return std::nullopt;
}

// Whether what the stage builds has all its libraries in it, as far as Go and Rust say it.
bool links_statically(const Stage& stage) {
  for (const Stage& at : stage.lineage()) {
    for (const Instruction& instruction : at.instructions()) {
      const Span span = instruction.span();
      const std::string_view text = instruction.document().text().substr(span.begin, span.size());
      if (text.find("CGO_ENABLED=0") != std::string_view::npos ||
          text.find("CGO_ENABLED 0") != std::string_view::npos ||
          text.find("linux-musl") != std::string_view::npos) {
        return true;
      }
    }
  }
  return false;
}

// The image that runs what `build` makes; empty where there is none for certain.
std::string_view runtime_for(const Stage& build) {
  const auto base = base_of(build);
  const facts::SdkImage* sdk = base ? facts::sdk_image(base->name, base->tag) : nullptr;
  if (!sdk) return {};
  if (links_statically(build)) return sdk->static_runtime;
  // What was linked on Alpine asks for another C library.
  const bool debian = facts::distribution(base->name, base->tag) == Distribution::debian;
  return debian ? sdk->dynamic_runtime : std::string_view();
}

// Whether the accounts of a distroless image are enough for the stage's USER.
bool knows_its_users(const Stage& stage) {
  return std::ranges::all_of(stage.all<User>(), [](const User& user) {
    if (user.words().empty()) return false;
    const std::string account = user.words().front().value().text;
    const std::string_view name = without_group(account);
    return is_root(name) || name == "nobody" || name == "nonroot" ||
           std::ranges::all_of(account, [](char c) { return is_digit(c) || c == ':'; });
  });
}

void check_stage(const Stage& stage, Report& report) {
  if (!stage.is_shipped() || !only_copies(stage)) return;
  const auto use = image_of(stage.from());
  if (!use) return;
  const std::string name = use->image.familiar_name();
  const Process process = process_of(stage);
  if (!is_full(facts::distribution(name, use->image.tag)) || !process.start() ||
      is_prompt(process) || facts::starts_server(name, use->image.tag)) {
    return;
  }
  const Value program = joined(stage.state().folder,
                               Value{process.words.empty() ? "" : process.words.front(), true, {}});
  const auto build = program.known ? origin(stage, program.text) : std::nullopt;
  const std::string runtime(build ? runtime_for(*build) : std::string_view());
  if (runtime.empty()) return;
  auto finding = report.at(
      use->span, program.text + " needs nothing of " + name + ": " + runtime + " would do");
  finding.related(build->from(), "the program is built here");
  const auto edit = knows_its_users(stage) ? set_image(*use, runtime) : std::nullopt;
  if (edit) finding.fix(Safety::unsafe, "Use " + runtime, *edit);
}

// The text of another stage says how the program is linked.
void check(const Document& document, Report& report) {
  for (const Stage& stage : document.stages()) check_stage(stage, report);
}

}  // namespace

extern constinit const Rule full_distro_runtime{
    .id = "full-distro-runtime",
    .title = "A whole distribution for one program",
    .category = Category::attack_surface,
    .severity = Severity::hint,
    .aliases = {"cis:4.3"},
    .why = R"(
The last stage only copies a compiled program onto a distribution: its shell, package manager and dozens of
libraries are never used, but an intruder would use them, and every hole that is found in them makes a new
image necessary.

A distroless image holds what a compiled program may need besides itself: certificates, time zones, an
account, and the C library where it was linked against one. `scratch` holds nothing at all.

The rule knows programs of Go, Rust and C that are started in exec form from where they were copied to, out
of a stage on their compiler's image; linked statically where `CGO_ENABLED=0` or a musl target says so, else
against Debian. It is silent where anything in the stage runs a shell.

The fix takes the distroless image. It is unsafe: the program may call others, or load libraries that nobody
has named; and the `nonroot` tag runs it as an ordinary user. There is none for a `USER` whose account would
be missing.
)",
    .bad = R"(
FROM golang:1.26 AS build
RUN CGO_ENABLED=0 go build -o /server example.com/server

FROM debian:13-slim
COPY --from=build /server /usr/local/bin/server
USER 65532
ENTRYPOINT ["/usr/local/bin/server"]
)",
    .good = R"(
FROM golang:1.26 AS build
RUN CGO_ENABLED=0 go build -o /server example.com/server

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /server /usr/local/bin/server
USER 65532
ENTRYPOINT ["/usr/local/bin/server"]
)",
    .references = {"https://github.com/GoogleContainerTools/distroless",
                   "https://docs.docker.com/build/building/multi-stage/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
