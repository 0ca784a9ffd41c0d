#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/process.h"
#include "analysis/rule.h"
#include "analysis/rules/heredoc_faults.h"
#include "analysis/rules/root_home.h"
#include "analysis/rules/root_servers.h"
#include "analysis/rules/step_down.h"
#include "analysis/rules/unused_account.h"

namespace bulkhead::rules {
namespace {

using facts::DefaultUser;

struct Verdict {
  Severity severity = Severity::warning;
  std::string message;
};

DefaultUser user_of(const std::optional<Base>& base) {
  if (!base) return {};
  if (base->from.is_scratch()) return {DefaultUser::Kind::root, "root", "root"};
  return facts::default_user(base->name, base->tag);
}

// Of a program that would not start with another USER.
Verdict judge(const RootServer& server, const std::string& root) {
  if (server.root_for.empty()) {
    return {Severity::info, fmt::format("No USER is set: {} starts as {}, and {}", server.program,
                                        root, server.advice)};
  }
  std::string message = fmt::format("Runs as {}: no USER is set, and {} needs {} to {}", root,
                                    server.program, root, server.root_for);
  if (!server.advice.empty()) message.append("; ").append(server.advice);
  return {Severity::warning, std::move(message)};
}

// None where the process is known not to stay root.
std::optional<Verdict> judge(const Stage& stage, const Process& process,
                             const std::optional<RootServer>& server) {
  const auto base = base_of(stage);
  if (!base) {
    return Verdict{Severity::info,
                   "No USER is set, and the image that decides on it is hidden by a variable"};
  }
  const DefaultUser user = user_of(base);
  const bool starts = process.start() && !is_prompt(process);
  switch (user.kind) {
    case DefaultUser::Kind::non_root:
      return std::nullopt;
    case DefaultUser::Kind::steps_down:
      if (!process.entrypoint) return std::nullopt;
      return Verdict{Severity::warning,
                     "Runs as root: no USER is set, and this ENTRYPOINT replaces "
                     "the one of " +
                         base->name + " that goes on as " + std::string(user.runtime_user)};
    case DefaultUser::Kind::unknown:
      return Verdict{Severity::info,
                     "No USER is set, and whether " + base->name + " starts as root is not known"};
    case DefaultUser::Kind::root:
      break;
  }
  const std::string root(user.user);
  if (server) return judge(*server, root);
  if (starts || (!process.start() && facts::starts_server(base->name, base->tag))) {
    return Verdict{Severity::warning, "Runs as " + root + ": no USER is set, and " + base->name +
                                          " starts as " + root};
  }
  return Verdict{Severity::info,
                 "No USER is set: what is started here, or built on this image, runs as " + root};
}

// ONBUILD USER: what is built on this image runs as that one.
bool hands_user_on(const Stage& stage) {
  return leaves_triggers(stage) &&
         std::ranges::any_of(stage.instructions(), [](const Instruction& each) {
           return each.is_trigger() && each.kind() == Keyword::user;
         });
}

// Whether others build with steps of this image, which would run as the user then.
bool leaves_steps(const Stage& stage) {
  return leaves_triggers(stage) &&
         std::ranges::any_of(stage.instructions(), [](const Instruction& each) {
           return each.is_trigger() &&
                  (each.kind() == Keyword::run || each.kind() == Keyword::workdir);
         });
}

void check(const Stage& stage, Report& report) {
  if (!stage.is_shipped() || is_for_developers(stage) || stage.user().set_by ||
      steps_down(stage, report) || is_given_user(stage) || hands_user_on(stage))
    return;
  const auto image = stage.from().image_word();
  if (!image) return;
  const Process process = process_of(stage);
  const bool last = stage.index() + 1 == stage.document().stages().size();
  const bool scratch = stage.lineage().back().from().is_scratch();
  // Such a stage hands out files or runs a test; no container is started from it.
  if (!process.start() && (scratch || !last)) return;
  const auto server = root_server(stage);
  const auto verdict = judge(stage, process, server);
  // Where an account was made for the process, a rule of its own says so.
  if (!verdict || unused_account(stage, report)) return;

  const auto start = process.start();
  const bool here = start && start->stage() == stage;
  auto finding = report.at(here ? start->keyword().span() : image->span(), verdict->message)
                     .severity(verdict->severity);
  const auto base = base_of(stage);
  const auto base_word = base ? base->from.image_word() : std::nullopt;
  if (here && base_word) finding.related(*base_word, "the base image, which decides on the user");
  if (server || leaves_steps(stage)) return;
  // Somebody else would not find the application.
  if (!places_in_root_home(stage).empty()) return;

  if (base) {
    const auto tag = facts::nonroot_tag(base->name, base->tag);
    const auto use = image_of(base->from);
    if (const auto edit = tag && use ? set_tag(*use, *tag) : std::nullopt) {
      finding.fix(Safety::unsafe, "Use " + base->name + ":" + *tag, *edit);
      return;
    }
  }
  OrdinaryUser user = ordinary_user(stage);
  // The image may have a user of its own, who could not make a new one.
  if (user.is_new && user_of(base).kind == DefaultUser::Kind::unknown)
    user = unnamed_ordinary_user();
  const bool has_unclosed = std::ranges::any_of(stage.instructions(), [](const Instruction& each) {
    return unclosed_heredoc(each).has_value();
  });
  if (!has_unclosed)  // all lines below such a heredoc are its body
    finding.fix(Safety::unsafe, user.title, run_as(stage, user));
}

}  // namespace

extern constinit const Rule missing_user{
    .id = "missing-user",
    .title = "No user is set, so the container starts as root",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"trivy:DS-0002", "checkov:CKV_DOCKER_3", "kics:missing_user_instruction",
                "semgrep:missing-user", "semgrep:missing-user-entrypoint", "dockle:CIS-DI-0001",
                "sonar:S6471", "cis:4.1", "owasp:2", "dockerfile_lint:no_USER",
                "tally:stateful-root-runtime"},
    .why = R"(
Root in a container is root of the machine but for the walls of the container. Whoever takes over the
program may overwrite it and everything else in the image, and needs one fault of the runtime or one
mount too many to go on to the host. An ordinary user costs two lines.

Looked at is what may be shipped: the last stage, and those that no other stage uses, with all that they
are built on. The rule is silent

- where the base image is known to run as another user (`nginxinc/nginx-unprivileged`, the `nonroot` tags
  of distroless), or its entry point goes on as one (`postgres`) and is kept;
- where the Dockerfile brings `gosu`, `su-exec` or the like, or starts the process through one: the entry
  point is there to leave root;
- where a stage only hands out files or runs tests: `FROM scratch` without a command, or a stage without
  a command that is not the last one;
- where a stage that is not the last one is named for development or tests;
- where the Dockerfile makes an account for the program and only lacks `USER`: a rule of its own says so;
- where `ONBUILD USER` sets one for what is built on the image;
- where those who run the image set the user: AWS Lambda runs its images as an ordinary one, whatever they say.

It is an `info` where nothing is known of the base image, and where the image starts nothing but a shell
or a prompt, or has no command at all and its base is no server: others build on such an image, and set
the user there. It is one as well for `supervisord`, the `/init` of s6-overlay and their like, which start each
service as whom a file says: see to that file.

The fix takes the user that the image or the Dockerfile brings for this (`node`), the `nonroot` tag of
distroless, or else makes an account in the way of the distribution. The new one is set by number, for
Kubernetes can check `runAsNonRoot` with a number only. It gets what the process is known to write, that is
volumes and the files of a server such as `nginx`, and no file of the program: who cannot change the program
cannot stay in it. On an image of which nothing is known it is a number alone, for that may have a user of its
own, who could not make another: if you know that one, name it instead. The fix is unsafe: the process may need
to write elsewhere, or, on hosts that keep ports below 1024 to root, to listen on one. There is none

- where the application lies in `/root`, which nobody but root may enter: put it under `/app` first;
- for programs that do their work as root only, such as `cron`, `sshd`, `systemd` or `dockerd`, and for those
  that start others: the message says what to do;
- where `ONBUILD` leaves steps to others, which would run as that user.
)",
    .bad = R"(
FROM node:26
WORKDIR /app
COPY . .
RUN npm ci
CMD ["node", "server.js"]
)",
    .good = R"(
FROM node:26
WORKDIR /app
COPY . .
RUN npm ci
USER node
CMD ["node", "server.js"]
)",
    .references = {"https://docs.docker.com/build/building/best-practices/#user",
                   "https://cheatsheetseries.owasp.org/cheatsheets/"
                   "Docker_Security_Cheat_Sheet.html#rule-2-set-a-user"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
