#include "analysis/shell/shell_state.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace bulkhead::shell {
namespace {

// `A=$A$A` doubles what A stands for each time, and a chain of variables is followed by recursion.
constexpr std::size_t max_value_size = 4000;
constexpr int max_value_depth = 30;

Certainty either(Certainty a, Certainty b) {
  return a == b ? a : Certainty::unknown;
}

}  // namespace

const ShellState::Value& ShellState::unknown_word() {
  static const Value word =
      std::make_shared<const Word>(Word{{}, {{Piece::Kind::substitution, "", {}}}});
  return word;
}

const std::shared_ptr<const Directory>& ShellState::unknown_directory() {
  static const auto directory =
      std::make_shared<const Directory>(Directory{.target = *unknown_word()});
  return directory;
}

void ShellState::take_back(const Mark& mark) {
  for (Change& change : journal_ | std::views::drop(mark.changes) | std::views::reverse) {
    variables_[change.name] = std::move(change.before);
  }
  journal_.resize(std::min(journal_.size(), mark.changes));
  settings = mark.settings;
}

std::vector<std::string> ShellState::changed(const Mark& mark) const {
  std::vector<std::string> names;
  for (const Change& change : journal_ | std::views::drop(mark.changes))
    names.push_back(change.name);
  std::ranges::sort(names);
  const auto [first, last] = std::ranges::unique(names);
  names.erase(first, last);
  return names;
}

void ShellState::blur(const Mark& mark) {
  const std::vector<std::string> names = changed(mark);
  const Settings now = settings;
  take_back(mark);
  for (const std::string& name : names) forget(name);
  join(now);
}

void ShellState::join(const Settings& other) {
  settings.errexit = either(settings.errexit, other.errexit);
  settings.pipefail = either(settings.pipefail, other.pipefail);
  settings.forgotten = std::max(settings.forgotten, other.forgotten);
  if (settings.directory != other.directory) settings.directory = unknown_directory();
  if (settings.previous != other.previous) settings.previous = unknown_directory();
  if (settings.stack != other.stack) settings.stack.clear();
  if (settings.umask != other.umask) settings.umask = unknown_word();
}

ShellState::Value ShellState::get(std::string_view name) const {
  if (variables_.empty() && forget_for_ever_.empty()) return {};
  const std::string key(name);
  if (!forget_for_ever_.empty() && forget_for_ever_.contains(key)) return unknown_word();
  const auto found = variables_.find(key);
  if (found == variables_.end() || !found->second.value) return {};
  const Variable& variable = found->second;
  const bool is_visible = variable.is_exported || variable.process == settings.process;
  return is_visible && variable.count > settings.forgotten ? variable.value : unknown_word();
}

void ShellState::set(const std::string& name, Value value) {
  Variable& variable = variables_[name];
  Variable next{std::move(value), variable.is_exported, settings.process, ++count_};
  const std::vector<Piece> none;
  for (const Piece& piece : next.value ? next.value->pieces : none) {
    next.size += piece.text.size();
    if (!piece.assigned) continue;
    const auto part = variables_.find(piece.text);
    if (part == variables_.end()) continue;
    next.size += part->second.size;
    next.depth = std::max(next.depth, part->second.depth + 1);
  }
  if (next.size > max_value_size || next.depth > max_value_depth) {
    next.value = unknown_word();
    next.size = 0;
    next.depth = 0;
  }
  journal_.push_back({name, std::exchange(variable, std::move(next))});
}

void ShellState::export_name(const std::string& name) {
  Variable& variable = variables_[name];
  if (variable.is_exported) return;
  journal_.push_back({name, variable});
  variable.is_exported = true;
}

void ShellState::change_directory(std::shared_ptr<const Directory> directory) {
  settings.previous = std::exchange(settings.directory, std::move(directory));
}

}  // namespace bulkhead::shell
