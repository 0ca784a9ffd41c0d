#include "analysis/rules/unpacked_archives.h"

#include <algorithm>
#include <utility>

#include "analysis/model/paths.h"
#include "analysis/model/rewrite.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using Kind = FileEffect::Kind;

// More archives than anybody unpacks in one stage.
constexpr std::size_t most_archives = 64;

// Whether a step between the two changes what the RUN starts from.
bool is_apart(const Stage& stage, std::uint32_t first, std::uint32_t last) {
  return std::ranges::any_of(stage.instructions(), [&](const Instruction& each) {
    if (each.index() <= first || each.index() >= last) return false;
    return each.kind() == Keyword::run || each.kind() == Keyword::user ||
           each.kind() == Keyword::workdir || each.kind() == Keyword::shell;
  });
}

// Whether a variable says where `unpack` puts things, or a WORKDIR with one may.
bool has_variable_folder(const Stage& stage, const Effect& unpack) {
  if (!unpack.as<FileEffect>()->path.variables.empty()) return true;
  return std::ranges::any_of(stage.lineage(), [&](const Stage& at) {
    return std::ranges::any_of(at.all<Workdir>(), [&](const Workdir& workdir) {
      return workdir.index() < unpack.instruction && !workdir.words().empty() &&
             workdir.words().front().has_variable();
    });
  });
}

bool names(const Command& command, std::string_view file) {
  const std::string_view text = command.run().document().text(command.span());
  return text.find(file) != std::string_view::npos ||
         std::ranges::any_of(command.arguments(), [&](const ShellWord& argument) {
           return argument.value().text.find(file) != std::string::npos;
         });
}

}  // namespace

std::vector<UnpackedArchive> unpacked_archives(const Stage& stage, FileEffect::Source source) {
  const Timeline& timeline = stage.effects();
  const auto& effects = timeline.effects();
  std::vector<UnpackedArchive> found;
  std::size_t looked_at = 0;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const auto* file = effects[i].as<FileEffect>();
    if (file == nullptr || !effects[i].command || file->source != FileEffect::Source::archive ||
        !file->from.known || file->from.text.empty())
      continue;
    if (++looked_at > most_archives) break;
    const Effect* write = timeline.last_write(file->from.text, i);
    if (write == nullptr || write < effects.data() || write >= effects.data() + effects.size())
      continue;
    const auto& written = *write->as<FileEffect>();
    const auto index = static_cast<std::size_t>(write - effects.data());
    const bool is_known = std::ranges::find(found, index, &UnpackedArchive::write) != found.end();
    if (is_known || write->command || written.source != source ||
        written.path.text != file->from.text ||
        Instruction(stage.document(), write->instruction).stage() != stage)
      continue;
    found.push_back({index, i});
  }
  return found;
}

std::optional<RemovableUnpack> removable_unpack(const Stage& stage,
                                                const UnpackedArchive& archive) {
  const Document& document = stage.document();
  const Timeline& timeline = stage.effects();
  const auto& effects = timeline.effects();
  const Effect& write = effects[archive.write];
  const Effect& unpack = effects[archive.unpack];
  const std::string& path = write.as<FileEffect>()->path.text;
  const std::string& folder = unpack.as<FileEffect>()->path.text;
  const Command command = command_of(document, unpack);
  if (!unpack.certain || command.data().in_text ||
      is_apart(stage, write.instruction, unpack.instruction) || has_variable_folder(stage, unpack))
    return std::nullopt;
  std::vector<Command> gone = {command};
  for (const std::size_t index : timeline.on_path(path, false)) {
    const Effect& effect = effects[index];
    if (index <= archive.write) continue;
    if (!effect.command || effect.as<FileEffect>()->kind != Kind::deletes || !effect.certain)
      return std::nullopt;
    gone.push_back(command_of(document, effect));
    const auto [first, last] = timeline.of(gone.back());
    const bool deletes_more =
        std::any_of(effects.begin() + static_cast<std::ptrdiff_t>(first),
                    effects.begin() + static_cast<std::ptrdiff_t>(last),
                    [&](const Effect& each) { return each.span != effect.span; });
    if (deletes_more || gone.back().name() == "mv") return std::nullopt;
  }
  // What deletes it by a pattern stays, for it may be there for more, and fails once nothing fits that.
  for (const std::size_t index : timeline.on_path(path)) {
    const Effect& effect = effects[index];
    const auto& file = *effect.as<FileEffect>();
    if (index <= archive.write || file.kind != Kind::deletes || !effect.command ||
        file.path.text.find_first_of("*?[") == std::string::npos)
      continue;
    const auto texts = command_of(document, effect).argument_texts();
    const bool is_forced = std::ranges::any_of(texts, [](const shell::Argument& text) {
      return text && (*text == "--force" || (text->starts_with('-') && !text->starts_with("--") &&
                                             text->find('f') != std::string::npos));
    });
    if (!is_forced) return std::nullopt;
  }
  const auto goes = [&](const Command& each) {
    return std::ranges::any_of(gone,
                               [&](const Command& other) { return &other.data() == &each.data(); });
  };
  // Who else names it: a checksum is compared, it is unpacked twice.
  for (const Run& run : stage.all<Run>()) {
    if (run.index() < write.instruction) continue;
    for (const Command& each : run.commands()) {
      if (!goes(each) && names(each, file_name(path))) return std::nullopt;
    }
  }
  // What stands in front of it in its RUN may be what it needs: an empty folder, a program.
  for (const Command& each : command.run().commands()) {
    if (each.span().begin >= command.span().begin) break;
    if (!goes(each) && !is_listed(each.name(), "mkdir cd set echo true")) return std::nullopt;
  }
  bool makes_folder = false;
  for (const std::size_t index : timeline.on_path(folder, false)) {
    const Effect& effect = effects[index];
    const bool makes = effect.as<FileEffect>()->kind == Kind::makes_folder;
    if (!makes || index < archive.write || index > archive.unpack || !effect.command) continue;
    makes_folder = true;
    // It stays, and does not fail for a folder that is there.
    const auto texts = command_of(document, effect).argument_texts();
    if (std::ranges::none_of(
            texts, [](const shell::Argument& text) { return text == "-p" || text == "--parents"; }))
      return std::nullopt;
  }
  auto edits = remove_commands(gone);
  if (!edits) return std::nullopt;
  return RemovableUnpack{command, *std::move(edits), makes_folder};
}

}  // namespace bulkhead::rules
