#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "analysis/model/add_sources.h"
#include "analysis/rule.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/rules/secret_files.h"
#include "analysis/rules/unpacked_archives.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

using Kind = FileEffect::Kind;
using Source = FileEffect::Source;

// Whether the file came from outside: what a command makes is seldom large, or not known.
bool is_brought(const Effect& effect, const FileEffect& file) {
  const bool brought = file.source == Source::context || file.source == Source::url ||
                       file.source == Source::stage || file.source == Source::image ||
                       file.source == Source::download || file.source == Source::archive;
  return file.kind == Kind::writes && brought && effect.certain && !file.in_mount &&
         file.path.known && file.path.text != "/";
}

// What is deleted where, and which effect of an earlier layer put it there.
struct Removal {
  std::size_t written;
  std::size_t deleted;
};

class Removals {
 public:
  explicit Removals(const Stage& stage) : effects_(stage.effects().effects()) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;  // commands
    for (std::size_t i = 0; i < effects_.size(); ++i) {
      const Effect& effect = effects_[i];
      const auto* file = effect.as<FileEffect>();
      if (file == nullptr) continue;
      if (is_brought(effect, *file)) {
        writes_[file->path.text] = i;
      } else if (file->kind == Kind::deletes && effect.certain && !file->filtered &&
                 effect.command && !file->in_mount) {
        const auto written = write_of(*file, *effect.layer);
        if (!written) continue;
        writes_.erase(effects_[*written].as<FileEffect>()->path.text);
        if (seen.emplace(effect.instruction, *effect.command).second)
          found.push_back({*written, i});
      }
    }
  }

  std::vector<Removal> found;

 private:
  // The last effect of an earlier layer that wrote the path itself, or something in it.
  std::optional<std::size_t> write_of(const FileEffect& removal, std::uint32_t layer) const {
    constexpr int most = 64;
    std::string_view path = removal.path.text;
    const auto own = writes_.find(path);
    if (own != writes_.end() && effects_[own->second].layer < layer) return own->second;
    const bool all_in_it = path.ends_with("/*");
    if (all_in_it) path.remove_suffix(2);
    if ((!removal.recursive && !all_in_it) || path.empty()) return std::nullopt;
    const auto folder = writes_.find(path);
    if (all_in_it && folder != writes_.end() && effects_[folder->second].layer < layer)
      return folder->second;
    const std::string inside = std::string(path) + "/";
    int looked_at = 0;
    for (auto at = writes_.lower_bound(inside);
         at != writes_.end() && at->first.starts_with(inside) && looked_at < most;
         ++at, ++looked_at) {
      const bool goes =
          removal.recursive || at->first.find('/', inside.size()) == std::string::npos;
      if (goes && effects_[at->second].layer < layer) return at->second;
    }
    return std::nullopt;
  }

  const std::vector<Effect>& effects_;
  std::map<std::string, std::size_t, std::less<>> writes_;  // the last one of each path
};

// Lends the file to the RUN that follows for as long as it runs, in place of COPY and rm.
std::optional<Fix> lend(const Stage& stage, const Removal& removal) {
  const Document& document = stage.document();
  const Timeline& timeline = stage.effects();
  const Effect& written = timeline.effects()[removal.written];
  const Effect& deleted = timeline.effects()[removal.deleted];
  const auto& file = *written.as<FileEffect>();
  const Copy copy(Instruction(document, written.instruction));
  const Run run(Instruction(document, deleted.instruction));
  const bool is_plain = copy.kind() == Keyword::copy && copy.words().size() == 2 &&
                        copy.flags().size() == (copy.from() ? 1U : 0U);
  const bool fits = file.from.known && file.folder.empty() && copy.index() + 1 == run.index() &&
                    file.path.text == deleted.as<FileEffect>()->path.text;
  if (!is_plain || !fits || file.from.text.find_first_of("*?[, \"") != std::string::npos)
    return std::nullopt;
  // A mount is not for writing.
  for (std::size_t i = removal.written + 1; i < timeline.effects().size(); ++i) {
    if (timeline.effects()[i].instruction > run.index()) break;
    const auto* other = timeline.effects()[i].as<FileEffect>();
    const bool is_in_it = other != nullptr && is_within(other->path.text, file.path.text);
    if (is_in_it && i != removal.deleted) return std::nullopt;
  }
  const Command command = command_of(document, deleted);
  if (command.name() == "mv" || command.data().in_text || run.commands().size() == 1)
    return std::nullopt;
  std::vector<Edit> edits;
  const auto arguments = command.arguments();
  const auto [first, last] = timeline.of(command);
  if (last - first == 1) {
    auto edit = remove_command(command);
    if (!edit) return std::nullopt;
    edits.push_back(*std::move(edit));
  } else {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i].span() == deleted.span && has_own_word(command, i))
        edits.push_back(remove_argument(command, i));
    }
    if (edits.empty()) return std::nullopt;
  }
  edits.push_back(remove(copy));
  std::string mount = "--mount=type=bind,";
  if (const auto from = copy.from()) mount += "from=" + std::string(from->text()) + ",";
  edits.push_back(add_flag(run, mount + "source=" + file.from.text + ",target=" + file.path.text));
  if (!require_syntax(document, 2, edits)) return std::nullopt;
  return Fix{fmt::format("Mount {} for this RUN only", file.from.text), Safety::unsafe,
             std::move(edits)};
}

std::optional<Fix> fix(const Stage& stage, const Removal& removal) {
  const Document& document = stage.document();
  const auto& effects = stage.effects().effects();
  const Instruction writer(document, effects[removal.written].instruction);
  const Run run(Instruction(document, effects[removal.deleted].instruction));
  if (writer.kind() != Keyword::run) return lend(stage, removal);
  if (writer.index() + 1 != run.index()) return std::nullopt;
  auto joined = join(Run(writer), run);
  if (!joined) return std::nullopt;
  return Fix{"Join the two RUN", Safety::unsafe, {*std::move(joined)}};
}

void check(const Stage& stage, Report& report) {
  const Document& document = stage.document();
  if (!stage.is_delivered()) return;
  const auto& effects = stage.effects().effects();
  // Other rules speak of these.
  std::set<std::size_t> spoken_of;
  for (const Source source : {Source::context, Source::url}) {
    for (const UnpackedArchive& archive : unpacked_archives(stage, source)) {
      const std::string& name = effects[archive.write].as<FileEffect>()->path.text;
      if (source == Source::url || is_archive(name)) spoken_of.insert(archive.write);
    }
  }
  for (const SecretFile& secret : report.view<SecretFiles>(stage).files()) {
    if (secret.effect) spoken_of.insert(*secret.effect);
  }
  for (const Removal& removal : Removals(stage).found) {
    if (spoken_of.contains(removal.written)) continue;
    const Effect& deleted = effects[removal.deleted];
    const Effect& written = effects[removal.written];
    if (command_of(document, deleted).name() == "mv") continue;
    const Instruction writer(document, written.instruction);
    if (writer.stage() != stage || Instruction(document, deleted.instruction).stage() != stage)
      continue;
    auto finding = report.at(
        deleted.span,
        fmt::format(
            "What the {} above brings to {} stays in its layer; deleting it here only hides it",
            name(writer.kind()), written.as<FileEffect>()->path.text));
    finding.related(written.span, "it gets into a layer here");
    if (auto made = fix(stage, removal))
      finding.fix(made->safety, std::move(made->title), std::move(made->edits));
  }
}

}  // namespace

extern constinit const Rule removed_file_remains{
    .id = "removed-file-remains",
    .title = "A file is deleted in a later layer than its own",
    .category = Category::efficiency,
    .severity = Severity::info,
    .aliases = {"slim:ID.20021"},
    .why = R"(
An image is a pile of layers, and an `rm` in a later one only notes that the file is hidden. The image gets no smaller,
everybody still pulls the file, and whoever unpacks the layers can read it. Deleting saves space only in the `RUN` that
made the file.

Looked at is what comes from outside: copied, downloaded or unpacked. What commands make is not known well enough.
Files that hold secrets have a rule of their own, and so have archives that are unpacked. The rule is silent in build
stages, whose layers nobody gets. Ignore the finding for a file of a few bytes.

Where a `COPY` and the `RUN` that follows bring the file and delete it, the fix mounts it into that `RUN` instead. Where
two neighbouring `RUN` do, it joins them. It is unsafe: a mount cannot be written to, and a joined `RUN` begins in the
folder and with the variables that the first one leaves. There is no fix where the steps are further apart, something
else changes the file, or commands of the second `RUN` stand behind `;` or `||`: they would run, and hide it, when the
first one has failed.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM debian:13-slim
COPY setup.sh /tmp/setup.sh
RUN sh /tmp/setup.sh --yes && rm /tmp/setup.sh
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM debian:13-slim
RUN --mount=type=bind,source=setup.sh,target=/tmp/setup.sh sh /tmp/setup.sh --yes
)",
    .references = {"https://docs.docker.com/build/building/best-practices/#run",
                   "https://docs.docker.com/reference/dockerfile/#run---mounttypebind"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
