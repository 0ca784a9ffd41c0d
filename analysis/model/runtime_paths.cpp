#include "analysis/model/runtime_paths.h"

#include <algorithm>
#include <ranges>
#include <string_view>

#include "analysis/facts/images.h"
#include "analysis/facts/paths.h"
#include "analysis/facts/servers.h"
#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/model/process.h"
#include "analysis/model/rewrite.h"
#include "analysis/shell/commands/interpreters.h"
#include "analysis/shell/commands/modes.h"
#include "analysis/text/path.h"

namespace bulkhead {
namespace {

using Access = RuntimePath::Access;

// Folders in which packages make their own.
bool may_be_of_package(std::string_view path) {
  return is_within(path, "/var") || is_within(path, "/run") || is_within(path, "/etc") ||
         is_within(path, "/usr") || is_within(path, "/opt") || is_within(path, "/home");
}

// Follows what the build does to one path.
class Follower {
 public:
  Follower(RuntimePath& path, bool is_plain_base) : path_(path), is_plain_base_(is_plain_base) {
    // Packages and images make the folders of servers, for root.
    const bool is_known = is_plain_base && !may_be_of_package(path.path);
    if (path.volume) path_.access = is_known ? Access::root_only : Access::unknown;
  }

  void follow(const Stage& stage) {
    const Timeline& timeline = stage.effects();
    timeline.each<AccountEffect>([&](const Effect&, const AccountEffect& account) {
      if (account.change.home == path_.path) is_lost_ = true;
    });
    timeline.each<FileEffect>([&](const Effect&, const FileEffect& file) {
      // It may be anywhere.
      const bool is_hidden = !file.path.known && file.path.text.find("${") != std::string::npos;
      if (is_hidden && file.kind == FileEffect::Kind::sets_owner) is_lost_ = true;
    });
    for (const std::size_t at : timeline.on_path(path_.path)) {
      // VOLUME, which makes no layer, leaves what is there as it is.
      if (timeline.effects()[at].layer) apply(*timeline.effects()[at].as<FileEffect>());
    }
    for (const Run& run : stage.all<Run>()) read(run, timeline);
    if (is_lost_) path_.access = Access::unknown;
  }

 private:
  // Where no USER is set, nothing is told.
  Access access_of(std::string_view owner) const {
    if (owner.starts_with('$')) return Access::unknown;
    if (owner.empty()) return is_plain_base_ ? Access::root_only : Access::unknown;
    return is_root(owner) || owner.starts_with(':') ? Access::root_only : Access::others;
  }

  void apply(const FileEffect& file) {
    const bool is_it = file.path.text == path_.path;
    switch (file.kind) {
      case FileEffect::Kind::makes_folder:
        if (!is_it || path_.exists) return;  // what is there already keeps its owner
        path_.exists = true;
        path_.access = access_of(file.owner);
        break;
      case FileEffect::Kind::writes:
        if (is_it && file.recursive && path_.exists) return;  // into the folder
        if (!is_it && access_of(file.owner) == Access::root_only) return;
        path_.exists = is_it;
        path_.access = is_it ? access_of(file.owner) : Access::unknown;
        break;
      case FileEffect::Kind::deletes:
        if (is_it) path_.exists = false;
        break;
      case FileEffect::Kind::sets_owner:
        if (file.owner.starts_with(':')) return;
        path_.access = access_of(file.owner);
        break;
      case FileEffect::Kind::sets_mode: {
        const auto mode = shell::parse_mode(file.mode);
        if (!mode || mode->world_writable() || mode->group_writable())
          path_.access = Access::others;
        break;
      }
    }
  }

  // A command that names the path and is not known may do anything to it.
  void read(const Run& run, const Timeline& timeline) {
    for (const Command& command : run.commands()) {
      const auto [first, last] = timeline.of(command);
      if (first != last) continue;
      for (const ShellWord& word : command.arguments()) {
        if (word.value().text.find(path_.path) != std::string::npos) is_lost_ = true;
      }
    }
  }

  RuntimePath& path_;
  bool is_plain_base_ = false;
  bool is_lost_ = false;
};

void add_volumes(const Stage& stage, std::vector<RuntimePath>& paths) {
  for (const Volume& volume : stage.all<Volume>()) {
    const auto words = volume.words();
    // An array that is no JSON names other paths than it was meant to.
    if (!words.empty() && !volume.is_json() && words.front().text().starts_with('[')) continue;
    for (const Word& word : words) {
      const Value path = joined({"/", true, {}}, word.value());
      if (!path.known || !path.text.starts_with('/') || path.text == "/" ||
          facts::is_shared_folder(path.text) || facts::system_path(path.text) != nullptr ||
          facts::trusted_path(path.text, true) != nullptr ||  // that is root's, whoever runs there
          std::ranges::find(paths, path.text, &RuntimePath::path) != paths.end())
        continue;
      paths.push_back({.path = path.text, .volume = word, .server = {}});
    }
  }
}

// Whether the stage brings a configuration of its own.
bool is_configured(const Stage& stage, std::string_view config) {
  return !config.empty() && std::ranges::any_of(stage.lineage(), [&](const Stage& at) {
    return !at.effects().on_path(config).empty();
  });
}

void add_server(const Stage& stage, std::vector<RuntimePath>& paths) {
  const auto base = base_of(stage);
  // Images that start a server as somebody else have prepared it for that.
  if (!base || facts::default_user(base->name, base->tag).kind != facts::DefaultUser::Kind::root)
    return;
  const std::string& image = base->name;
  const Process process = process_of(stage);
  const facts::Server* server =
      process.start() ? nullptr : facts::server_of_image(image, base->tag);
  for (const std::string& word : process.words) {
    // What an entry point starts stands behind it.
    if (server == nullptr) server = facts::server(word, image, base->tag);
    if (word.find("pid") != std::string::npos) return;
  }
  if (server == nullptr || is_configured(stage, server->config)) return;
  std::string_view list = server->writes;
  while (!list.empty()) {
    std::string_view path = list.substr(0, list.find(','));
    list.remove_prefix(std::min(path.size() + 1, list.size()));
    RuntimePath found{
        .path = normalized(path), .volume = {}, .server = std::string(server->program)};
    found.access = facts::is_open(*server, base->tag) ? Access::unknown : Access::root_only;
    found.is_folder = path.ends_with('/');
    found.exists = found.is_folder && !server->image.empty();  // else a package may have made it
    paths.push_back(std::move(found));
  }
}

}  // namespace

bool has_plain_base(const Stage& stage) {
  const auto base = base_of(stage);
  return base && (base->from.is_scratch() || (facts::default_user(base->name, base->tag).kind ==
                                                  facts::DefaultUser::Kind::root &&
                                              !facts::starts_server(base->name, base->tag)));
}

std::vector<RuntimePath> runtime_paths(const Stage& stage) {
  std::vector<RuntimePath> paths;
  const auto lineage = stage.lineage();
  for (const Stage& at : std::views::reverse(lineage)) add_volumes(at, paths);
  add_server(stage, paths);
  const bool plain = !paths.empty() && has_plain_base(stage);
  for (RuntimePath& path : paths) {
    Follower follower(path, plain);
    for (const Stage& at : std::views::reverse(lineage)) follower.follow(at);
  }
  return paths;
}

std::string give_to(const std::vector<RuntimePath>& paths, const std::string& owner) {
  std::string folders;
  std::string files;
  std::string all;
  for (const RuntimePath& path : paths) {
    const std::string word = " " + shell_quoted(path.path);
    all += word;
    if (!path.exists) (path.is_folder ? folders : files) += word;
  }
  if (all.empty()) return "";
  std::string text;
  if (!folders.empty()) text += "mkdir -p" + folders + " && ";
  if (!files.empty()) text += "touch" + files + " && ";
  return text + "chown -R " + owner + all;
}

std::optional<Edit> give_before(const User& user, const std::vector<RuntimePath>& paths) {
  const auto stage = user.stage();
  const auto base = stage ? base_of(*stage) : std::nullopt;
  if (!base || user_of_step(user).kind != StepUser::Kind::root ||
      facts::has_shell(base->name, base->tag) == false)
    return std::nullopt;
  const auto shell = stage->state_before(user.index()).shell;
  const bool is_posix =
      !shell || (!shell->words().empty() && shell::is_posix_shell(shell->words().front().text()));
  if (!is_posix) return std::nullopt;
  const std::string owner = user.words().front().value().text;
  return insert_before(user, {"RUN " + give_to(paths, owner)});
}

}  // namespace bulkhead
