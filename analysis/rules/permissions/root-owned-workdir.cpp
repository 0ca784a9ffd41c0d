#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "analysis/facts/package_managers.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/model/runtime_paths.h"
#include "analysis/rule.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/shell/commands/modes.h"

namespace bulkhead::rules {
namespace {

// The folder that a path lies in; empty for "/" and what is not absolute.
std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos || slash == 0 ? std::string_view() : path.substr(0, slash);
}

// The path that an effect makes anew, with its folder as its last part but one; empty for other effects.
std::string made_path(const Stage& stage, const Effect& effect) {
  if (const auto* file = effect.as<FileEffect>()) {
    const bool makes =
        file->kind == FileEffect::Kind::writes || file->kind == FileEffect::Kind::makes_folder;
    return makes && file->path.known && !file->in_mount ? file->path.text : "";
  }
  const auto* package = effect.as<PackageEffect>();
  using Call = shell::PackageCall;
  if (package == nullptr || package->call.action != Call::Action::install ||
      package->call.has(Call::Setting::global) || package->call.has(Call::Setting::target))
    return "";
  const auto* folder = facts::project_folder(package->call.manager);
  const auto at = command_of(stage.document(), effect).directory();
  if (folder == nullptr || !at) return "";
  const Value here = stage.state_before(effect.instruction).folder;
  const Value there = at->empty() ? here : joined(here, {*at, true, {}});
  const Value path = joined(there, {std::string(folder->folder), true, {}});
  return path.known ? path.text : "";
}

// The folders that a WORKDIR makes as root in a lineage, and where.
std::unordered_map<std::string, Span> made_by_workdir(const Stage& stage) {
  std::unordered_map<std::string, Span> made;
  std::unordered_set<std::string> there;  // with the folders above it
  const auto lineage = stage.lineage();
  for (const Stage& each : std::views::reverse(lineage)) {
    for (const Effect& effect : each.effects().effects()) {
      if (const auto* account = effect.as<AccountEffect>()) {
        if (account->change.home) there.insert(*account->change.home);
      }
      const auto* file = effect.as<FileEffect>();
      if (file == nullptr || !effect.layer) continue;
      const std::string& path = file->path.text;
      const Instruction maker(stage.document(), effect.instruction);
      const bool is_new = !there.contains(path);
      // A plain base starts as root, and tells of no owner.
      if (is_new && maker.kind() == Keyword::workdir && file->path.known &&
          (file->owner.empty() || is_root(file->owner)))
        made.emplace(path, effect.span);
      for (std::string_view at = path; !at.empty() && there.emplace(at).second;) at = folder_of(at);
    }
  }
  return made;
}

// Whether something in front of effects()[at] may have given the folder to others than root.
bool may_be_given(const Stage& stage, std::size_t at, const std::string& folder) {
  return std::ranges::any_of(stage.lineage(), [&](const Stage& each) {
    const Timeline& timeline = each.effects();
    return std::ranges::any_of(timeline.on_path(folder), [&](std::size_t i) {
      if (each == stage && i >= at) return false;
      const FileEffect& file = *timeline.effects()[i].as<FileEffect>();
      if (file.kind == FileEffect::Kind::sets_owner) return true;
      const auto mode = shell::parse_mode(file.mode);
      return file.kind == FileEffect::Kind::sets_mode &&
             (!mode || mode->group_writable() || mode->world_writable());
    });
  });
}

// Whether a path that is not known is given away: it may be any.
bool gives_unknown(const Stage& stage) {
  return std::ranges::any_of(stage.lineage(), [](const Stage& each) {
    return std::ranges::any_of(each.effects().effects(), [](const Effect& effect) {
      const auto* file = effect.as<FileEffect>();
      return file != nullptr && file->kind == FileEffect::Kind::sets_owner && !effect.certain &&
             file->path.text.find('$') != std::string::npos;
    });
  });
}

bool is_by_ordinary_user(const Effect& effect) {
  return effect.certain && effect.command && !effect.user.empty() && !is_root(effect.user);
}

void check(const Stage& stage, Report& report) {
  if (std::ranges::none_of(stage.effects().effects(), is_by_ordinary_user) ||
      !has_plain_base(stage))
    return;
  const auto made = made_by_workdir(stage);
  if (made.empty() || gives_unknown(stage)) return;
  const auto& effects = stage.effects().effects();
  Forgiven is_forgiven(stage.document());
  std::unordered_set<std::string> seen;  // the first that is made in a folder tells of all
  for (std::size_t at = 0; at < effects.size(); ++at) {
    const Effect& effect = effects[at];
    if (!is_by_ordinary_user(effect)) continue;
    const std::string path = made_path(stage, effect);
    const std::string folder(folder_of(path));
    const auto workdir = made.find(folder);
    if (workdir == made.end() || !seen.insert(folder).second) continue;
    const Run run(Instruction(stage.document(), effect.instruction));
    const StepUser user = user_of_step(run);
    if (user.kind != StepUser::Kind::other || user.name != effect.user || !user.set_by ||
        is_forgiven(effect) || may_be_given(stage, at, folder))
      continue;
    auto finding = report.at(
        workdir->second, fmt::format("{} belongs to root, so that {} cannot make {} in it", folder,
                                     without_group(user.name), file_name(path)));
    finding.related(effect.span, "here");
    const RuntimePath given{.path = folder, .exists = true, .volume = {}, .server = {}};
    if (const auto edit = give_before(*user.set_by, {given}))
      finding.fix(Safety::unsafe, "Give it to " + user.name, *edit);
  }
}

}  // namespace

extern constinit const Rule root_owned_workdir{
    .id = "root-owned-workdir",
    .title = "A working directory in which its user may not write",
    .category = Category::permissions,
    .severity = Severity::info,
    .aliases = {},
    .why = R"(
`WORKDIR` makes the folder for whoever `USER` says at that line, mostly root. A later step, or the process, that
runs as somebody else cannot make files in it: `npm ci` ends with "EACCES: permission denied, mkdir
'/app/node_modules'". `COPY --chown` does not help, for it gives away what it copies, and leaves a folder that
is there as it is. The quick way out is often to leave the `USER` out.

Told is only where a step of the Dockerfile makes something right in such a folder: by a redirection, `mkdir`,
`touch`, ..., or by a package manager that installs into the project. Other builders than BuildKit make the folder
as root even behind `USER`.

The fix gives the folder, in front of `USER`, to that user. It is unsafe, for the program that lies there can then
be changed by who runs it. Where only the build writes there, run it as root and set `USER` further down instead.
)",
    .bad = R"(
FROM node:26
WORKDIR /app
USER node
COPY --chown=node package.json package-lock.json ./
RUN npm ci
CMD ["node", "server.js"]
)",
    .good = R"(
FROM node:26
WORKDIR /app
RUN chown -R node /app
USER node
COPY --chown=node package.json package-lock.json ./
RUN npm ci
CMD ["node", "server.js"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#workdir"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
