#include <fmt/format.h>

#include <string>

#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/unused_account.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  const auto account = unused_account(stage, report);
  if (!account) return;
  const OrdinaryUser user = ordinary_user(stage);
  const Word start = account->start.keyword();
  if (account->maker == stage) {
    report
        .at(account->made, fmt::format("The account {} is made and never used: no USER is set, so "
                                       "that the process runs as root",
                                       account->name))
        .related(start, "the process is started here")
        .fix(Safety::unsafe, user.title, run_as(stage, user));
    return;
  }
  // Other stages built on that one may use it.
  const auto image = stage.from().image_word();
  const bool here = account->start.stage() == stage || !image;
  const std::string name = stage.name().empty() ? "This stage" : "The stage " + stage.name();
  report
      .at(here ? start : *image,
          fmt::format(
              "{} does not use the account {}: no USER is set, so that its process runs as root",
              name, account->name))
      .related(account->made, "the account is made here")
      .fix(Safety::unsafe, user.title, run_as(stage, user));
}

}  // namespace

extern constinit const Rule unused_user{
    .id = "unused-user",
    .title = "An account that is made and never used",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"tally:user-created-but-never-used", "trivy:DS-0002", "checkov:CKV_DOCKER_3",
                "kics:missing_user_instruction", "sonar:S6471", "dockle:CIS-DI-0001"},
    .why = R"(
Somebody made an account for the program, and perhaps gave files to it; but without `USER` the container starts
as root all the same. It looks as if it was safe, and is not: whoever takes over the program may do everything
in the container.

Looked at is what may be shipped and starts a program. The rule is silent where the account has a purpose
without `USER`: the program is named together with it (`uwsgi --uid web`), it is a server that leaves root by
itself (`nginx`, `sshd`, `supervisord`), `gosu`, `su-exec`, `setpriv` or the like is used, or the entry point
is a script that the Dockerfile does not show and that may go on as that account. Stages that are named for
development are left out, and dev containers: their account (`vscode`) is for the editor. Then the lack of
`USER` is told without the account.

The fix sets `USER` in front of `ENTRYPOINT` and `CMD`, and gives the account what the process writes: volumes,
and the files that its server is known to write. It is unsafe: the process may need to write elsewhere, or to
listen on a port below 1024 where only root may.
)",
    .bad = R"(
FROM debian:13
RUN useradd --system --uid 10001 app
COPY server /usr/local/bin/
VOLUME /data
CMD ["server", "--data", "/data"]
)",
    .good = R"(
FROM debian:13
RUN useradd --system --uid 10001 app
COPY server /usr/local/bin/
VOLUME /data
RUN mkdir -p /data && chown -R app /data
USER app
CMD ["server", "--data", "/data"]
)",
    .references = {"https://docs.docker.com/build/building/best-practices/#user"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
