#include <string>

#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  if (stage.is_shipped()) return;
  const EffectiveState state = stage.state();
  const auto base = base_of(stage);
  if (state.user) {
    if (!state.account.known || !is_root(state.account.text)) return;
    report.at(state.user->words().front(),
              "The stage " + (stage.name().empty() ? std::to_string(stage.index()) : stage.name()) +
                  " ends as root, though it is not shipped");
    return;
  }
  using Kind = facts::DefaultUser::Kind;
  const Kind kind = base ? facts::default_user(base->name, base->tag).kind : Kind::unknown;
  if (!base || base->from.is_scratch() || (kind != Kind::root && kind != Kind::steps_down)) return;
  report.at(stage.from().keyword(),
            "This stage runs as root from its first step to its last, though it is not shipped");
}

}  // namespace

extern constinit const Rule root_user_in_build_stage{
    .id = "root-user-in-build-stage",
    .title = "A stage of the build ends as root",
    .category = Category::permissions,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {"hadolint:DL3002", "checkov:CKV_DOCKER_8"},
    .why = R"(
A stage that other stages only copy from starts no container; whoever runs the image never meets its user.
Still, what runs in its steps runs as root of the build's sandbox: scripts of packages, tests, code
generators. A flaw of the sandbox then weighs more.

The rule is off unless asked for: building as root is usual, and often needed to install packages. There is
no fix, for files in the stage belong to root until somebody decides otherwise. Stages that are shipped have
rules of their own.
)",
    .bad = R"(
FROM golang:1.26 AS build
RUN go build -o /server example.com/server
FROM scratch
COPY --from=build /server /
USER 65532
)",
    .good = R"(
FROM golang:1.26 AS build
USER 65532
RUN go build -o /tmp/server example.com/server
FROM scratch
COPY --from=build /tmp/server /
USER 65532
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#user"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
