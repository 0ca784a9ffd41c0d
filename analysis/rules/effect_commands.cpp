#include "analysis/rules/effect_commands.h"

#include <cstddef>

namespace bulkhead::rules {

std::vector<bool> forgiven(const shell::Script& script) {
  using shell::Link;
  std::vector<bool> result(script.commands.size());
  bool chain = false;  // whether what follows forgives the chain that a command belongs to
  for (std::size_t at = result.size(); at-- > 0;) {
    const shell::Command& command = script.commands[at];
    result[at] = chain || command.conditional || command.in_substitution;
    const bool goes_on = command.link == Link::and_then || command.link == Link::pipe;
    chain = command.link == Link::or_else || (chain && goes_on);
  }
  return result;
}

bool Forgiven::operator()(const Effect& effect) {
  if (!effect.command) return false;
  if (instruction_ != effect.instruction) {
    instruction_ = effect.instruction;
    commands_ = forgiven(Instruction(document_, effect.instruction).script());
  }
  return commands_[*effect.command];
}

Command command_of(const Document& document, const Effect& effect) {
  const Instruction run(document, effect.instruction);
  return {run, run.script().commands.at(*effect.command)};
}

}  // namespace bulkhead::rules
