#include <algorithm>

#include "analysis/facts/images.h"
#include "analysis/model/accounts.h"
#include "analysis/model/paths.h"
#include "analysis/model/process.h"
#include "analysis/refactorings/build_plan.h"
#include "analysis/shell/commands/interpreters.h"
#include "analysis/text/word_list.h"

namespace bulkhead::refactorings {
namespace {

std::vector<Step> steps_of(const Stage& stage) {
  std::vector<Step> steps;
  for (const Run& run : stage.all<Run>()) {
    const Value start = stage.state_before(run.index()).folder;
    const Value folder = start.text.empty() ? Value{"/", true, {}} : start;
    for (const Command& command : run.commands()) {
      if (command.data().words.empty()) continue;
      std::optional<std::string> in;
      if (const auto path = command.directory()) {
        const Value place = path->empty() ? folder : joined(folder, {*path, true, {}});
        if (place.known && place.text.starts_with('/')) in = normalized(place.text);
      }
      steps.push_back({command, command.name(), command.argument_texts(), std::move(in)});
    }
  }
  return steps;
}

// The program that the container starts, and its arguments; none where it is more than one.
std::vector<std::string> call_of(const Stage& stage) {
  const Process process = process_of(stage);
  const auto start = process.start();
  if (is_prompt(process)) return {};  // there for builds, or to be looked into
  if (!start || start->script().opaque || start->script().has_error) return {};
  const auto commands = start->commands();
  if (commands.empty() || !std::all_of(commands.begin(), commands.end() - 1, [](const auto& shell) {
        return shell::is_posix_shell(shell.name());
      })) {
    return {};
  }
  const Command& command = commands.back();
  if (command.directory() != "") return {};
  const std::size_t first = command.unwrapped().program;
  const bool replaces_shell = first == 1 && command.word(0).text() == "exec";
  if (first != 0 && !replaces_shell) return {};  // a wrapper that another image may lack
  std::vector<std::string> call;
  for (std::size_t i = first; i < command.data().words.size(); ++i)
    call.push_back(command.word(i).value().text);
  if (call.empty() || !command.word(first).value().known) return {};
  if (process.entrypoint && process.command) {
    if (!process.entrypoint->is_json() || !process.command->is_json() || commands.size() > 1)
      return {};
    for (const Word& word : process.command->words()) call.emplace_back(word.text());
  }
  return call;
}

bool is_plain(const Document& document) {
  return document.faults().empty() && document.escape() == '\\' && document.stages().size() == 1 &&
         std::ranges::none_of(document.instructions(), [](const Instruction& instruction) {
           return instruction.kind() == Keyword::onbuild ||
                  instruction.kind() == Keyword::unknown || instruction.data().faulty;
         });
}

}  // namespace

bool only_settles(const Run& run) {
  constexpr std::string_view settling =
      "addgroup adduser chgrp chown groupadd groupmod mkdir touch useradd usermod";
  const auto commands = run.commands();
  return !commands.empty() && std::ranges::all_of(commands, [&](const Command& command) {
    return !command.name().empty() && is_listed(command.name(), settling);
  });
}

std::optional<SingleStage> single_stage(const Document& document) {
  if (!is_plain(document)) return std::nullopt;
  const Stage stage = document.stages()[0];
  const auto base = base_of(stage);
  if (!base) return std::nullopt;
  const facts::BuildImage* image = facts::build_image(base->name, base->tag);
  if (!image || facts::distribution(base->name, base->tag) == facts::Distribution::windows)
    return std::nullopt;
  std::optional<std::uint32_t> last_build;
  for (const Run& run : stage.all<Run>()) {
    if (run.script().opaque || run.script().has_error) return std::nullopt;
    if (!only_settles(run)) last_build = run.index();
  }
  if (!last_build) return std::nullopt;
  const Value folder = stage.state_before(*last_build).folder;
  if (stage.state_before(*last_build).workdir && !folder.known) return std::nullopt;
  SingleStage single{stage,
                     base->name,
                     base->tag,
                     image,
                     steps_of(stage),
                     *last_build,
                     folder.text.starts_with('/') ? normalized(folder.text) : "/",
                     call_of(stage)};
  if (single.call.empty()) return std::nullopt;
  return single;
}

}  // namespace bulkhead::refactorings
