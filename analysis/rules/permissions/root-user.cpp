#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/process.h"
#include "analysis/rule.h"
#include "analysis/rules/account_changes.h"
#include "analysis/rules/root_servers.h"
#include "analysis/rules/step_down.h"

namespace bulkhead::rules {
namespace {

// Whether `stage` does anything after instruction `index` that may need root, or others build on it.
bool needs_root_after(const Stage& stage, std::uint32_t index) {
  for (const Instruction& instruction : stage.instructions()) {
    if (instruction.index() < index || instruction.is_trigger()) continue;
    switch (instruction.kind()) {
      case Keyword::run:
      case Keyword::copy:
      case Keyword::add:
      case Keyword::workdir:
        return true;
      default:
        break;
    }
  }
  return std::ranges::any_of(stage.document().stages(),
                             [&](const Stage& other) { return other.parent() == stage; });
}

bool knows_user_of_base(const Stage& stage) {
  const auto base = base_of(stage);
  return base && (base->from.is_scratch() || facts::default_user(base->name, base->tag).kind !=
                                                 facts::DefaultUser::Kind::unknown);
}

// Makes the processes of the stages in `reached` leave the root that `user` sets.
void mend(const User& user, const std::vector<Stage>& reached, FindingBuilder& finding) {
  const Word value = user.words().front();
  if (std::ranges::any_of(reached,
                          [](const Stage& stage) { return root_server(stage).has_value(); }))
    return;
  const OrdinaryUser other = ordinary_user(reached.back());
  // Somebody left a user that is not known here: a new one would hardly do in its place.
  if (other.is_new && !knows_user_of_base(reached.back())) return;
  std::vector<Edit> edits;
  const bool can_make = other.steps.empty() || user_of_step(user).kind == StepUser::Kind::root;
  if (can_make && !value.has_variable() && !needs_root_after(*user.stage(), user.index())) {
    if (!other.steps.empty()) edits.push_back(insert_before(user, other.steps));
    edits.push_back(replace(value, other.user));
  } else {
    for (const Stage& stage : reached) edits.push_back(run_as(stage, ordinary_user(stage)));
  }
  finding.fix(Safety::unsafe, other.title, std::move(edits));
}

// Where the lineage makes an account of that name with the number of root.
std::optional<Span> second_root(const Stage& stage, std::string_view user) {
  std::optional<Span> made;
  const auto is_second = [&](const shell::AccountChange& change) {
    return change.kind == shell::AccountChange::Kind::makes_user && change.uid == 0U &&
           change.name == without_group(user);
  };
  // Hardly anybody makes one, and what commands say is seen sooner than what they do.
  const auto all = account_changes(stage, std::numeric_limits<std::uint32_t>::max());
  if (std::ranges::none_of(all, is_second, &MadeChange::change)) return made;
  for (const Stage& at : stage.lineage()) {
    at.effects().each<AccountEffect>([&](const Effect& effect, const AccountEffect& account) {
      if (effect.certain && is_second(account.change)) made = effect.span;
    });
  }
  return made;
}

void check_user(const User& user, const std::vector<Stage>& reached, Report& report) {
  const Word word = user.words().front();
  const Value value = word.value();
  auto finding = report.at(word, "The last USER is " + value.text +
                                     ": what this image starts may do everything in the container");
  for (const Stage& stage : reached) {
    if (stage != *user.stage())
      finding.related(stage.from(), "this stage is built on it and sets no other");
  }
  finding.origins(user, value.variables, "the value comes from here");
  if (is_root(value.text)) {
    mend(user, reached, finding);
  } else if (const auto made = second_root(reached.back(), value.text)) {
    finding.related(*made, "made here, with the number of root");
  }
}

// One finding for each USER, wherever it reaches: several stages may be built on the one it is in.
void check(const Document& document, Report& report) {
  std::map<std::uint32_t, std::vector<Stage>> reached;  // by the index of the USER
  for (const Stage& stage : document.stages()) {
    if (!stage.is_shipped()) continue;
    const EffectiveUser user = stage.user();
    if (!user.set_by || !user.value.known) continue;
    const std::string& name = user.value.text;
    if ((is_root(name) || second_root(stage, name)) && !steps_down(stage, report) &&
        !is_given_user(stage))
      reached[user.set_by->index()].push_back(stage);
  }
  for (const auto& [index, stages] : reached) {
    check_user(User(Instruction(document, index)), stages, report);
  }
}

// ONBUILD USER root: what is built on this image runs as root if it does not say otherwise.
void check_triggers(const Stage& stage, Report& report) {
  std::optional<User> last;
  for (const Instruction& instruction : stage.instructions()) {
    if (instruction.is_trigger() && instruction.kind() == Keyword::user &&
        !instruction.words().empty())
      last = User(instruction);
  }
  if (!last || !leaves_triggers(stage)) return;
  const Word word = last->words().front();
  if (is_root(word.value().text))
    report.at(word,
              fmt::format("ONBUILD USER {}: what is built on this image runs as root where it "
                          "sets no other",
                          word.value().text));
}

}  // namespace

extern constinit const Rule root_user{
    .id = "root-user",
    .title = "The last USER is root",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3002", "trivy:DS-0002", "checkov:CKV_DOCKER_8",
                "kics:last_user_is_root", "semgrep:last-user-is-root", "dockle:CIS-DI-0001",
                "sonar:S6471", "slim:ID.20017", "dockerfile_lint:root_user", "cis:4.1", "owasp:2"},
    .why = R"(
`USER root` is right for the steps that need it, to install a package for instance. Where no other `USER`
follows, the container starts as root too, often by oversight: the base image may even have been one that
runs as an ordinary user.

Looked at is the last `USER` that reaches a stage that may be shipped (the last one, and those that no
other uses), be it in that stage or in one that it is built on. The rule is silent where an entry point
goes on as another user by `gosu`, `su-exec` or the like, and for images that AWS Lambda runs, as an ordinary
user whatever they say. A variable counts with its default, and an account
that the Dockerfile makes with the number 0 is root. `ONBUILD USER root` counts for the images built on this one.

The fix goes back to the user that was set before, or takes one that the image or the Dockerfile brings,
or else makes one. There is none where the user of the base image is not known: the process ran as
somebody, and only the image's documentation says who; nor for programs that do their work as root only, such
as `cron`. The fix is unsafe: the process may need to write
where only root may.
)",
    .bad = R"(
FROM jenkins/jenkins:2.541.1-lts-jdk21
USER root
RUN apt-get update && apt-get install -y --no-install-recommends make
)",
    .good = R"(
FROM jenkins/jenkins:2.541.1-lts-jdk21
USER root
RUN apt-get update && apt-get install -y --no-install-recommends make
USER jenkins
)",
    .references = {"https://docs.docker.com/build/building/best-practices/#user"},
    .checks = each<check, check_triggers>,
};

}  // namespace bulkhead::rules
