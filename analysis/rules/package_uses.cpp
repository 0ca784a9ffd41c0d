#include "analysis/rules/package_uses.h"

#include <algorithm>
#include <set>

#include "analysis/facts/packages.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using Place = NamedByCommands::Place;
using Names = std::set<std::string_view>;

bool is_part_of_word(char c) {
  return (lower_case(c) >= 'a' && lower_case(c) <= 'z') || is_digit(c) || c == '-';
}

// Calls `use` for each of the words in `text`, and for the name of the file that it may be.
template <class Use>
void each_word(std::string_view text, Use use) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_part_of_word(text[end])) ++end;
    const bool is_behind = at > 0 && (text[at - 1] == '.' || text[at - 1] == '_');
    if (end > at && !is_behind) use(text.substr(at, end - at));
    at = end + 1;
  }
  use(file_name(text));
}

bool prints(const Command& command) {
  return is_listed(command.name(), "echo printf");
}

// The effects of a command; none of one in a trigger, which runs elsewhere.
std::span<const Effect> effects_of(const Command& command) {
  const auto stage = command.run().stage();
  if (!stage) return {};
  const Timeline& timeline = stage->effects();
  const auto [first, last] = timeline.of(command);
  return std::span(timeline.effects()).subspan(first, last - first);
}

bool names_one(std::string_view text, const Names& names) {
  bool found = false;
  each_word(text, [&](std::string_view word) { found = found || names.contains(word); });
  return found;
}

// Whether all that a command does is to make or change files of these names.
bool works_on_files_only(const Command& command, const Names& names) {
  const auto effects = effects_of(command);
  return !effects.empty() && std::ranges::all_of(effects, [&](const Effect& effect) {
    const auto* file = effect.as<FileEffect>();
    return file != nullptr && !file->in_mount && names_one(file->path.text, names);
  });
}

// Whether a command that works on such files does so without them as well: it adds to a folder that
// others use, too.
bool works_without(const Command& command, const Names& names) {
  return prints(command) && std::ranges::all_of(effects_of(command), [&](const Effect& effect) {
           const std::string_view path = effect.as<FileEffect>()->path.text;
           return !names_one(path.substr(0, path.rfind('/')), names);
         });
}

void add_names(const RiskyPackages& found, Names& names) {
  for (std::size_t i = 0; i < found.packages.size(); ++i) {
    found.known[i]->each_program([&](std::string_view program) { names.insert(program); });
    names.insert(found.installation.call->packages[found.packages[i]].name);
  }
}

bool is_built_on(const Stage& stage, const Stage& base) {
  for (std::optional<Stage> at = stage; at && at->index() >= base.index(); at = at->parent()) {
    if (*at == base) return true;
  }
  return false;
}

// The commands behind the first of `places`, where they matter, that have one of the names; none where there
// are too many to look at.
std::optional<std::vector<Place>> later_uses(const Installation& first, const Names& names,
                                             const Report& report) {
  constexpr std::size_t most = 64;
  const Run run = first.command.run();
  const auto stage = run.stage();
  if (!stage) return std::nullopt;
  const auto& named = report.view<NamedByCommands>(run.document());
  std::vector<Place> uses;
  std::size_t count = 0;
  for (const std::string_view name : names) {
    const auto places = named.of(name);
    auto place = std::ranges::upper_bound(places, first.command.span().begin, {}, &Place::begin);
    for (; place != places.end(); ++place) {
      if (++count > most) return std::nullopt;
      const auto user = Instruction(run.document(), place->instruction).stage();
      if (user && is_built_on(*user, *stage)) uses.push_back(*place);
    }
  }
  std::ranges::sort(uses, {}, &Place::begin);
  return uses;
}

// In order, each once.
std::optional<std::vector<Edit>> without(std::vector<Command> gone) {
  std::ranges::sort(gone, {}, [](const Command& command) { return command.span().begin; });
  const auto same = std::ranges::unique(gone, {}, [](const Command& each) { return &each.data(); });
  gone.erase(same.begin(), same.end());
  return remove_commands(gone);
}

}  // namespace

NamedByCommands::NamedByCommands(const Document& document) {
  for (const Instruction& instruction : document.instructions()) {
    const auto add = [&](std::string_view word, Place place) {
      auto& places = places_[std::string(word)];
      if (places.empty() || places.back().begin != place.begin) places.push_back(place);
    };
    const shell::Script& script = instruction.script();
    if (script.opaque || script.has_error) {
      const Place place{instruction.index(), std::nullopt, instruction.span().begin};
      each_word(document.text(instruction.span()), [&](auto word) { add(word, place); });
      continue;
    }
    for (std::uint32_t i = 0; i < script.commands.size(); ++i) {
      const Command command(instruction, script.commands[i]);
      const Place place{instruction.index(), i, command.span().begin};
      const auto effects = effects_of(command);
      if (std::ranges::any_of(effects, [](const Effect& e) { return e.as<PackageEffect>(); }))
        continue;
      for (const Effect& effect : effects) {
        if (const auto* file = effect.as<FileEffect>())
          each_word(file->path.text, [&](auto word) { add(word, place); });
      }
      if (prints(command)) continue;
      for (std::size_t word = 0; word < command.data().words.size(); ++word) {
        each_word(document.text(command.word(word).span()), [&](auto part) { add(part, place); });
      }
    }
  }
}

std::span<const Place> NamedByCommands::of(std::string_view word) const {
  const auto found = places_.find(std::string(word));
  return found == places_.end() ? std::span<const Place>() : found->second;
}

std::optional<Removal> removal_of(const std::vector<RiskyPackages>& places, const Report& report) {
  Removal removal;
  Names names;
  std::vector<Command> gone;
  for (const RiskyPackages& place : places) {
    add_names(place, names);
    const Installation& installation = place.installation;
    if (place.packages.size() == installation.call->packages.size()) {
      gone.push_back(installation.command);
      continue;
    }
    const auto part = remove_packages(installation.command, *installation.call, place.packages);
    if (!part) return std::nullopt;
    removal.edits.insert(removal.edits.end(), part->begin(), part->end());
  }
  const auto uses = later_uses(places.front().installation, names, report);
  if (!uses) return std::nullopt;
  std::vector<Command> least = gone;
  for (const Place& use : *uses) {
    const Instruction instruction(places.front().stage.document(), use.instruction);
    if (!use.command) return std::nullopt;
    const Command command(instruction, instruction.script().commands[*use.command]);
    const bool goes_with_other = std::ranges::any_of(
        gone, [&](const Command& other) { return other.span().covers(command.span()); });
    if (goes_with_other) continue;
    if (instruction.kind() != Keyword::run || !works_on_files_only(command, names))
      return std::nullopt;
    gone.push_back(command);
    if (!works_without(command, names)) least.push_back(command);
  }
  auto commands = without(gone);
  if (!commands) {
    commands = without(least);
    std::swap(gone, least);
  }
  if (!commands) return std::nullopt;
  removal.with_commands = std::ranges::any_of(gone, [&](const Command& command) {
    return std::ranges::none_of(places, [&](const RiskyPackages& place) {
      return &place.installation.command.data() == &command.data();
    });
  });
  removal.edits.insert(removal.edits.end(), commands->begin(), commands->end());
  return removal;
}

bool is_named_later(const RiskyPackages& found, const Report& report) {
  Names names;
  for (const facts::RiskyPackage* known : found.known)
    known->each_program([&](std::string_view program) { names.insert(program); });
  const auto uses = later_uses(found.installation, names, report);
  return !uses || !uses->empty();
}

}  // namespace bulkhead::rules
