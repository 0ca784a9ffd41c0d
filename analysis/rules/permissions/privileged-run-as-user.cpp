#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/package_managers.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/runtime_paths.h"
#include "analysis/rule.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/text/ascii.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

// What of a step only root may do.
struct Fault {
  Span place;
  std::string what;  // the end of a sentence about the user: "may not ..."
};

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<std::string> needs_root(const PackageEffect& effect) {
  using Call = shell::PackageCall;
  const Call& call = effect.call;
  const auto* manager = facts::package_manager(call.manager);
  // Homebrew, on the other hand, refuses root.
  if (manager == nullptr || !manager->of_system || call.manager == "brew") return std::nullopt;
  const bool changes =
      call.action == Call::Action::install || call.action == Call::Action::upgrade ||
      call.action == Call::Action::remove || call.action == Call::Action::update_index;
  if (!changes || call.has(Call::Setting::root) || call.has(Call::Setting::simulate) ||
      call.has(Call::Setting::user))
    return std::nullopt;
  return fmt::format("may not use {}, which needs root", call.manager);
}

// Whether a setting may have what is installed for all projects go elsewhere.
bool may_be_moved(const Stage& stage) {
  constexpr std::array<std::string_view, 3> traces = {"prefix", "npmrc", "nvm"};
  return std::ranges::any_of(stage.lineage(), [&](const Stage& each) {
    return std::ranges::any_of(each.instructions(), [&](const Instruction& instruction) {
      const std::string text = lower_case(instruction.document().text(instruction.span()));
      return std::ranges::any_of(
          traces, [&](std::string_view trace) { return text.find(trace) != std::string::npos; });
    });
  });
}

std::optional<std::string> needs_root(const AccountEffect& effect, const std::string& user) {
  if (effect.change.name == user) return std::nullopt;
  return "may not change accounts, which needs root";
}

// Whether something in front of effects()[at] may have opened the path to others than root.
bool may_be_open(const Stage& stage, std::size_t at, std::string_view path) {
  for (const Stage& each : stage.lineage()) {
    const Timeline& timeline = each.effects();
    for (std::string_view folder = path; folder.size() > 1;
         folder = folder.substr(0, std::max<std::size_t>(folder.rfind('/'), 1))) {
      for (const std::size_t i : timeline.on_path(folder)) {
        if (each == stage && i >= at) break;
        const FileEffect& file = *timeline.effects()[i].as<FileEffect>();
        // WORKDIR and VOLUME leave what is there as it is.
        if (file.kind == FileEffect::Kind::makes_folder && !timeline.effects()[i].command) continue;
        const bool is_owner = file.kind == FileEffect::Kind::sets_owner ||
                              (!file.owner.empty() && !is_root(file.owner));
        if (is_owner || !file.mode.empty()) return true;
      }
    }
  }
  return false;
}

// `moved`: what may_be_moved() says of the stage, once it has been asked.
std::optional<std::string> needs_root(const PackageEffect& effect, const Stage& stage,
                                      std::size_t at, std::optional<bool>& moved) {
  using Call = shell::PackageCall;
  const Call& call = effect.call;
  const auto base = base_of(stage);
  const auto folder = base ? facts::global_folder(call.manager, base->name) : std::string_view();
  const bool is_global = call.action == Call::Action::install && call.has(Call::Setting::global) &&
                         !call.has(Call::Setting::target) && !call.has(Call::Setting::simulate);
  if (!is_global || folder.empty()) return needs_root(effect);
  if (!moved) moved = may_be_moved(stage);
  if (*moved || may_be_open(stage, at, folder)) return std::nullopt;
  return fmt::format("may not write {}, which belongs to root", folder);
}

std::optional<std::string> needs_root(const FileEffect& file, const Stage& stage, std::size_t at,
                                      const std::string& user) {
  if (file.in_mount || !file.path.known) return std::nullopt;
  const std::string_view path = file.path.text;
  if (file.kind == FileEffect::Kind::sets_owner) {
    const std::string owner(without_group(file.owner));
    const std::string own(without_group(user));
    if (owner.empty() || owner == own || owner.find('$') != std::string::npos ||
        is_number(owner) != is_number(own))
      return std::nullopt;
    return fmt::format("may not give {} to {}, which needs root", path, owner);
  }
  constexpr std::array<std::string_view, 8> folders = {
      "/bin", "/sbin", "/lib", "/etc", "/usr/sbin", "/usr/bin", "/root", "/usr/lib"};
  const bool is_of_system = std::ranges::any_of(
      folders, [&](std::string_view folder) { return path != folder && is_within(path, folder); });
  // Other base images open such folders to their user.
  if (!is_of_system || !has_plain_base(stage) || may_be_open(stage, at, path)) return std::nullopt;
  return fmt::format("may not write {}, which belongs to root", path);
}

std::optional<Fault> fault_of(const Run& run, const StepUser& step, std::optional<bool>& moved) {
  const std::string user(without_group(step.name));
  const Stage stage = *run.stage();
  const auto& effects = stage.effects().effects();
  Forgiven is_forgiven(stage.document());
  const auto of_run = std::ranges::equal_range(effects, run.index(), {}, &Effect::instruction);
  for (const Effect& effect : of_run) {
    // Nothing is told where the base image has the say.
    const bool is_by_step = effect.user == step.name || (effect.user.empty() && !step.set_by);
    const bool counts = effect.certain && is_by_step && effect.command && !is_forgiven(effect);
    if (!counts) continue;
    std::optional<std::string> what;
    if (const auto* package = effect.as<PackageEffect>()) {
      what = needs_root(*package, stage, static_cast<std::size_t>(&effect - effects.data()), moved);
    }
    if (const auto* account = effect.as<AccountEffect>()) what = needs_root(*account, user);
    if (const auto* file = effect.as<FileEffect>()) {
      what = needs_root(*file, stage, static_cast<std::size_t>(&effect - effects.data()), user);
    }
    if (what) return Fault{effect.span, *what};
  }
  return std::nullopt;
}

// Neighbours that need root share a finding, so that one pair of USER goes around them all.
void check(const Stage& stage, Report& report) {
  std::optional<Run> first;
  std::optional<Run> last;
  std::vector<Fault> faults;
  std::string user;
  bool hint = false;
  const auto finish = [&] {
    if (faults.empty()) return;
    auto finding = report.at(faults.front().place, fmt::format("{} {}", user, faults.front().what));
    if (hint) finding.severity(Severity::hint);
    for (std::size_t i = 1; i < faults.size(); ++i)
      finding.related(faults[i].place, user + " " + faults[i].what);
    finding.fix(Safety::unsafe, "Run this as root", run_as_root(*first, *last));
    faults.clear();
  };
  StepUsers users(stage);
  std::optional<bool> moved;
  for (const Instruction& instruction : stage.instructions()) {
    std::optional<Fault> fault;
    if (instruction.kind() == Keyword::run && !instruction.is_trigger()) {
      const StepUser step = users.of(instruction);
      if (step.kind == StepUser::Kind::other) {
        fault = fault_of(Run(instruction), step, moved);
        if (fault && faults.empty()) {
          user = without_group(step.name);
          hint = step.hint;
          first = Run(instruction);
        }
      }
    }
    if (!fault) {
      finish();
      continue;
    }
    last = Run(instruction);
    faults.push_back(*fault);
  }
  finish();
}

}  // namespace

extern constinit const Rule privileged_run_as_user{
    .id = "privileged-run-as-user",
    .title = "A step that needs root, as another user",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {},
    .why = R"(
Package managers of the system, `useradd` and its kin, `chown` to somebody else, writing below `/etc` or `/usr/bin`,
and `npm install --global` in the `node` image are for root. Behind a `USER` that is somebody else they end the
build with "permission denied" or "could not open lock file". The quick way out is often to leave the `USER` out,
and with it what it protects.

The user of the base image counts as well: images such as `jenkins/jenkins` set one. Where only general knowledge
tells of it, the finding is a `hint`. The rule is silent for what runs by `sudo`, for what may fail (`|| true`, in
a branch), for folders that the Dockerfile has given away by `chown` or `chmod`, and for `npm` where its `prefix` is
set.

The fix puts `USER root` in front of the step, and the `USER` that was behind it. It is unsafe, for what else the
step does then belongs to root. Moving the step above the first `USER` is as good.
)",
    .bad = R"(
FROM node:26
WORKDIR /app
USER node
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg
CMD ["node", "server.js"]
)",
    .good = R"(
FROM node:26
WORKDIR /app
USER node
USER root
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg
USER node
CMD ["node", "server.js"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#user"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
