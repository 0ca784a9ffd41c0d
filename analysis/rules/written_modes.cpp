#include "analysis/rules/written_modes.h"

#include <algorithm>
#include <string_view>

#include "analysis/model/rewrite.h"

namespace bulkhead::rules {
namespace {

// The value of the definition that the only variable of a mode comes from.
std::optional<Word> defined_at(const Instruction& instruction,
                               const std::vector<std::string>& variables) {
  const auto definition =
      variables.size() == 1 ? instruction.definition(variables.front()) : std::nullopt;
  const auto value = definition ? definition->value() : std::nullopt;
  return value && !value->has_variable() ? value : std::nullopt;
}

bool has_mode(const Effect& effect) {
  const auto* file = effect.as<FileEffect>();
  return file != nullptr && !file->mode.empty();
}

}  // namespace

std::optional<WrittenMode> written_mode(const Command& command) {
  const auto change = shell::mode_change(command.name(), command.argument_texts());
  if (!change) return std::nullopt;
  const auto mode =
      change->is_mask ? shell::parse_mask(change->text) : shell::parse_mode(change->text);
  if (!mode) return std::nullopt;
  const auto arguments = command.arguments();
  const ShellWord word = arguments[change->argument];
  const Value value = word.value();
  WrittenMode written{command.run(), change->text, *mode, change->is_mask, word.span(), {}, {}, {}};
  // Letters of an option may stand in front of the mode in the same word.
  const bool is_plain = written.place.size() == value.text.size();
  if (is_plain) written.place.begin += static_cast<std::uint32_t>(change->offset);
  // In the exec form the word is a string, but for one of a text that a shell reads.
  written.in_quotes = command.run().is_json() && written.place == word.span() &&
                      command.run().document().text()[written.place.begin] == '"';
  for (const std::size_t path : change->paths)
    written.targets.push_back(arguments[path].value().text);
  written.variables = value.variables;
  if (word.pieces().size() == 1 && word.pieces().front().operation.empty())
    written.word = defined_at(command.run(), value.variables);
  if (const auto stage = command.run().stage()) {
    const Timeline& timeline = stage->effects();
    const auto [first, last] = timeline.of(command);
    for (std::size_t i = first; i < last; ++i) {
      if (has_mode(timeline.effects()[i])) written.effects.push_back(i);
    }
  }
  return written;
}

std::optional<WrittenMode> written_mode(const Instruction& transfer) {
  const auto flag = transfer.flag("chmod");
  const auto word = flag ? flag->value() : std::nullopt;
  if (!word || transfer.words().empty()) return std::nullopt;
  const Value value = word->value();
  const auto mode = value.known ? shell::parse_mode(value.text) : std::nullopt;
  if (!mode) return std::nullopt;
  WrittenMode written{transfer, value.text, *mode, false, word->span(), {}, {}, {}};
  written.targets.push_back(transfer.words().back().value().text);
  written.variables = value.variables;
  const auto is_whole = [&](const std::string& name) {
    return word->text() == "$" + name || word->text() == "${" + name + "}";
  };
  if (value.variables.empty()) {
    written.word = *word;
  } else if (is_whole(value.variables.front())) {
    written.word = defined_at(transfer, value.variables);
  }
  const auto stage = transfer.is_trigger() ? std::nullopt : transfer.stage();
  if (!stage) return written;
  const auto& effects = stage->effects().effects();  // in the order of their instructions
  for (const Effect& effect :
       std::ranges::equal_range(effects, transfer.index(), {}, &Effect::instruction)) {
    if (has_mode(effect))
      written.effects.push_back(static_cast<std::size_t>(&effect - effects.data()));
  }
  return written;
}

bool is_undone(const WrittenMode& mode) {
  if (mode.effects.empty()) return false;
  const Timeline& timeline = mode.instruction.stage()->effects();
  return std::ranges::all_of(mode.effects,
                             [&](std::size_t at) { return timeline.is_mode_undone(at); });
}

std::optional<Edit> replace_mode(const WrittenMode& mode, const std::string& text) {
  if (mode.word) return replace(*mode.word, text);
  if (!mode.variables.empty()) return std::nullopt;
  return replace(mode.place, mode.in_quotes ? "\"" + text + "\"" : text);
}

}  // namespace bulkhead::rules
