#pragma once

// What the build of a stage does, as a timeline: layer after layer, in the order in which it happens.
// Rules ask it instead of matching words of commands. What a command does is told in shell/commands/; a
// command that nothing is known of has no effect, and makes nothing certain.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/shell/commands/downloads.h"
#include "analysis/shell/commands/interpreters.h"
#include "analysis/shell/commands/packages.h"
#include "analysis/shell/commands/users.h"

namespace bulkhead {

// Installs, removes or fetches packages, refreshes an index, cleans up.
struct PackageEffect {
  shell::PackageCall call;  // its places are arguments of the effect's command
};

// Makes, changes or removes an account or a group.
struct AccountEffect {
  shell::AccountChange change;
};

// Makes, changes or deletes a file or folder.
struct FileEffect {
  enum class Kind : std::uint8_t { writes, makes_folder, deletes, sets_mode, sets_owner };
  // Where the bytes of what is written come from.
  enum class Source : std::uint8_t {
    nothing,   // an empty file, a folder
    context,   // the build context: `from` as written behind COPY or ADD
    stage,     // `stage`: `from` there
    image,     // another image, or a named context: `from` there
    url,       // `from`
    text,      // `text`, which stands in the Dockerfile at `text_span`
    file,      // `from`, a file of the image
    link,      // no bytes, but a name for `from`
    archive,   // what `from` holds, or what comes through a pipe
    download,  // what the DownloadEffect in front of it fetches
    command,   // the output of a command, or what it makes of the file
  };
  Kind kind = Kind::writes;
  // Absolute and normalized, as far as it is known; with "${NAME}" and globs for what is not.
  Value path;
  // Where `path` may be a folder whose contents go one level further up: COPY of a name that may be a
  // folder's. Empty elsewhere.
  std::string folder = {};
  bool recursive = false;  // and all below it
  bool filtered = false;   // only some of that, which a pattern or a condition picks: `find`
  bool appends = false;    // what was there stays
  bool in_mount = false;   // below a --mount of the RUN: no layer has it
  Source source = Source::nothing;
  Value from = {};
  std::optional<std::uint32_t> stage = {};
  std::string image = {};  // as written behind --from
  // Of source `text`: what it becomes, variables resolved, and the bytes of the document that say it,
  // with the quotes and continuations among them.
  std::optional<std::string> text = {};
  Span text_span = {};
  // "user", "user:group", ":group", or a number, where it is told or follows from who runs it.
  std::string owner = {};
  // As written ("0755", "u+x") where it is told; and the permission bits afterwards and before, where
  // these are known. Of links nothing.
  std::string mode = {};
  std::optional<std::uint16_t> mode_after = {};
  std::optional<std::uint16_t> mode_before = {};

  bool operator==(const FileEffect&) const = default;
};

// Fetches something from the network.
struct DownloadEffect {
  Value url;
  Value path = {};              // the file or folder it goes to; empty where it goes into a pipe
  std::string piped_into = {};  // the programs behind it in its pipe: "tar", "bash"
  bool tls = true;              // false: neither encrypted nor of a server that is who it says
  bool unverified = false;      // the certificate is not checked
  bool verified = false;        // a checksum or a signature is, here or further down in the stage
};

// Runs a program that is not known further, or a script.
struct ProgramEffect {
  enum class How : std::uint8_t {
    run,  // RUN in exec form, or a path in a command
    entrypoint,
    cmd,
    arguments,  // CMD beside an ENTRYPOINT: what is handed to that
    healthcheck,
    script,   // a file that an interpreter reads: `bash x.sh`
    input,    // what comes through a pipe: `curl ... | sh`
    text,     // a text among the arguments: `python3 -c '...'`
    package,  // an archive that a package manager installs, with its scripts: `dpkg -i x.deb`
  };
  How how = How::run;
  Value program;  // the path of the program or script; the interpreter for `input` and `text`
  bool downloaded = false;  // what comes through the pipe was fetched from the network
};

// Reads a variable of the Dockerfile or the environment, or a secret.
struct VariableEffect {
  enum class Into : std::uint8_t {
    argument,
    file,
    url,
    environment,
    path,
    secret_mount,
    ssh_mount
  };
  Into into = Into::argument;
  std::string name;  // of the variable; the id of the secret
  Value path = {};   // of a secret: where it is mounted
};

struct Effect {
  using What = std::variant<PackageEffect, AccountEffect, FileEffect, DownloadEffect, ProgramEffect,
                            VariableEffect>;
  What what;
  Span span;                      // bytes in the document: what says it, as little as shows it
  std::uint32_t instruction = 0;  // in Document::instructions(); a trigger, where one does it
  // 0-based, counted in the stage; none where the instruction makes none, as ENTRYPOINT.
  std::optional<std::uint32_t> layer = {};
  std::optional<std::uint32_t> command = {};  // in Run::commands(), for RUN
  // It happens whenever the build succeeds. Otherwise it is only possible: in a branch or a loop, or with
  // a part that is not known.
  bool certain = true;
  std::string user = {};  // who does it: "name", "uid:gid"; empty where the base image has the say

  template <class T>
  const T* as() const {
    return std::get_if<T>(&what);
  }
};

class Timeline;

// That of the same stage in the version before, and the instructions which say now what they said there: their text
// is the same, and the values of the variables in it, the user, the folder and the shell. The stage is built on the
// same one, runs no triggers of that, and names mean the same stages.
struct EarlierTimeline {
  struct Same {
    std::uint32_t index;     // that the instruction had
    std::uint32_t moved_by;  // bytes, modulo 2^32
  };
  std::shared_ptr<const Timeline> timeline;
  // For each instruction of the stage; empty where `all` tells it.
  std::vector<std::optional<Same>> same;
  // What each was moved by, where all have their numbers still.
  std::optional<std::uint32_t> all = {};
};

// The effects of one stage, those of the triggers that run behind its FROM first. Made once for each
// stage of a document and never changed.
class Timeline {
 public:
  explicit Timeline(const Stage& stage, const EarlierTimeline* earlier = nullptr);
  // Those of the triggers (ONBUILD) that the stage leaves to whatever is built on it.
  struct OfTriggers {};
  Timeline(const Stage& stage, OfTriggers);

  const std::vector<Effect>& effects() const { return effects_; }
  // That of the stage below, which went before; null for the first of a lineage.
  const Timeline* below() const { return below_; }

  // Calls `use(effect, what)` for each effect of that kind, in order.
  template <class T, class Use>
  void each(Use use) const {
    for (const Effect& effect : effects_) {
      if (const T* what = effect.as<T>()) use(effect, *what);
    }
  }

  // The effects on that path (normalized) in this stage, by their indexes in effects(), in order: on it
  // itself, and with `covering` recursive ones on folders above it, globs among them.
  std::vector<std::size_t> on_path(std::string_view path, bool covering = true) const;
  // The last effect in front of effects()[before] that gives the path its bytes, here or in a stage
  // below; null where there is none.
  const Effect* last_write(std::string_view path, std::size_t before) const;
  // The first effect behind effects()[after] that deletes the path for certain; null where there is none.
  const Effect* deleted_after(std::string_view path, std::size_t after) const;
  // Whether no layer has what effects()[at] leaves: in the same layer its path is deleted, or its mode or
  // owner, if it sets that, is set anew.
  bool is_undone(std::size_t at) const;
  // The same of the mode that effects()[at] gives to what it makes or changes.
  bool is_mode_undone(std::size_t at) const;
  // The effects of a command, without those on variables: effects()[first, last). Empty for a command of a
  // trigger of this stage, which runs elsewhere.
  std::pair<std::size_t, std::size_t> of(const Command& command) const;

  Timeline(const Timeline&) = delete;
  Timeline& operator=(const Timeline&) = delete;

 private:
  friend class TimelineBuilder;
  struct OnPath;
  std::span<const OnPath> at_path(std::string_view path) const;
  const Effect* own_last_write(std::string_view path, std::size_t before) const;

  std::vector<Effect> effects_;
  const Timeline* below_ = nullptr;
  // FileEffects by their path, and by their folder; and those whose path holds a glob, by its folder.
  // Views into effects_. In the order of the paths, and then of the effects.
  struct OnPath {
    std::string_view path;
    std::size_t effect;
    auto operator<=>(const OnPath&) const = default;
  };
  std::vector<OnPath> by_path_;
  std::unordered_set<std::string> folders_;  // that are made here
  struct OfCommand {
    std::uint32_t instruction;
    std::uint32_t command;
    std::size_t first;  // effects_[first, last)
    std::size_t last;
  };
  std::vector<OfCommand> by_command_;     // in the order of instructions and commands
  std::vector<std::uint32_t> verifying_;  // instructions that check what was downloaded
  std::vector<std::size_t> verified_;     // the downloads in effects_ that they check
};

// Whether both leave the same files and accounts behind, wherever the Dockerfile says so.
bool leave_same_files(std::span<const Effect> one, std::span<const Effect> other);

// Whether the stage leaves triggers that no stage of its document runs, which would tell of them.
bool leaves_triggers(const Stage& stage);

// Calls `use(timeline)` for the timeline of the stage, and for that of the triggers which only others run.
template <class Use>
void each_timeline(const Stage& stage, Use use) {
  use(stage.effects());
  if (leaves_triggers(stage)) use(Timeline(stage, Timeline::OfTriggers{}));
}

}  // namespace bulkhead
