#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/compose/interpolation.h"
#include "analysis/compose/secrets.h"
#include "analysis/facts/secrets.h"
#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"
#include "analysis/rules/secret_variables.h"

namespace bulkhead::rules {
namespace {

// Takes the variable and its lines away, and with the last one `args`; none where more stands there.
std::optional<Edit> without(const Service& service, const yaml::Field& args,
                            const ComposeVariable& variable) {
  const bool is_last = args.value.fields.size() + args.value.items.size() == 1;
  if (!is_last && args.value.flow) return std::nullopt;
  auto gone = remove_lines(service.file(), is_last ? args.span() : variable.span, " -");
  return gone ? std::optional(Edit{*std::move(gone)}) : std::nullopt;
}

// The secret that gives what the argument gave; none where its value is made of parts, or is another one in
// another service.
std::optional<NewSecret> secret_for(const Service& service, const ComposeVariable& variable) {
  NewSecret secret{.id = variable.name, .variable = variable.name};
  if (variable.value && !interpolations(*variable.value).empty()) {
    const auto whole = whole_interpolation(*variable.value);
    if (!whole || !interpolations(whole->fallback.value_or("")).empty()) return std::nullopt;
    secret.variable = whole->name;
  }
  for (const Service& other : service.file().services()) {
    const yaml::Node* build = other.get("build");
    const yaml::Node* args = build != nullptr ? build->get("args") : nullptr;
    if (args == nullptr) continue;
    for (const ComposeVariable& each : variables_of(*args)) {
      if (each.name == variable.name && each.value != variable.value) return std::nullopt;
    }
  }
  return secret;
}

std::vector<Edit> as_secret(const Service& service, const yaml::Node& build,
                            const yaml::Field& args, const ComposeVariable& variable) {
  const std::size_t count = args.value.fields.size() + args.value.items.size();
  // An alias may want the mapping elsewhere, or be where the variable comes from.
  const bool is_own =
      args.value.span.covers(variable.span) && !args.value.anchored && !variable.node->anchored;
  const auto secret = is_own ? secret_for(service, variable) : std::nullopt;
  auto granted = secret ? grant_secret(service.file(), build, args, *secret) : std::nullopt;
  if (!granted) return {};
  std::vector<Edit> edits;
  if (count == 1 && build.field("secrets") == nullptr) {
    // `secrets` stands in the place of `args`.
    TextEdit use = std::move(granted->front());
    granted->erase(granted->begin());
    const std::size_t end = use.text.find_last_not_of("\r\n") + 1;
    const std::size_t begin = use.text.find_first_not_of(' ');
    edits.push_back(replace(args.span(), use.text.substr(begin, end - begin)));
  } else {
    const auto gone = without(service, args, variable);
    if (!gone) return {};
    edits.push_back(*gone);
  }
  for (TextEdit& edit : *granted) edits.push_back(Edit{std::move(edit)});
  return edits;
}

void check(const Service& service, Report& report) {
  const yaml::Node* build = service.get("build");
  const yaml::Field* args = build != nullptr ? build->field("args") : nullptr;
  if (args == nullptr) return;
  for (const ComposeVariable& variable : variables_of(args->value)) {
    const auto value = variable.value ? interpolate(*variable.value) : std::nullopt;
    // Whoever calls compose gives the value, be it with an empty default.
    const bool is_given = !value || (value->empty() && !variable.value->empty());
    const Exposure by_name =
        facts::secret_name(variable.name).is_secret() ? Exposure::secret : Exposure::none;
    const Exposure exposure = is_given ? by_name : exposure_in_compose(variable.name, *value);
    if (exposure == Exposure::none) continue;
    auto finding = report.at(
        variable.span,
        fmt::format("{} is built with {} as a build argument, whose value stays in the history of "
                    "the image",
                    subject(service), variable.name));
    if (exposure == Exposure::dummy) finding.severity(Severity::warning);
    finding.fix(Safety::unsafe,
                fmt::format("Give it as a build secret; mount it with --mount=type=secret,id={0},"
                            "env={0} in the Dockerfile",
                            variable.name),
                as_secret(service, *build, *args, variable));
  }
}

}  // namespace

extern constinit const Rule compose_build_arg_secret{
    .id = "compose-build-arg-secret",
    .title = "Secret in a compose file's build arguments",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .why = R"(
The value of a build argument is written down in the history of the image and in its provenance, be it that
compose takes it from the environment: whoever can pull the image has the secret. If it stands in the compose
file, whoever reads that has it too.

`secrets` of `build` hands it to the builder instead, and a `RUN` that mounts it has it for as long as it runs.
The fix moves the argument there, with its value from the environment variable that it had it from, or one of
the same name. It is unsafe because the Dockerfile has to mount it: there the fix of the rule on `ARG` takes the `ARG` away and
mounts the secret of that name.

The rule goes by names and values as that on `ARG` does: names that only look like it, switches, paths, addresses
without a password and empty values are silent; a value that merely stands for a secret (`changeme`) is a
warning.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    build:
      context: .
      args:
        NODE_ENV: production
        NPM_TOKEN: ${NPM_TOKEN}
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    build:
      context: .
      secrets:
        - NPM_TOKEN
      args:
        NODE_ENV: production
secrets:
  NPM_TOKEN:
    environment: NPM_TOKEN
)",
    .references = {"https://docs.docker.com/reference/compose-file/build/#secrets",
                   "https://docs.docker.com/build/building/secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
