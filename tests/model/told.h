#pragma once

// All that a document says, line by line: for comparing one that edits led to with one read from its text.

#include <string>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/model/effects.h"

namespace bulkhead {

inline std::string told(Span span) {
  return std::to_string(span.begin) + "-" + std::to_string(span.end);
}

inline std::string told(const Value& value) {
  return value.text + (value.known ? " " : "? ");
}

inline std::string told(const Instruction& instruction) {
  const InstructionData& data = instruction.data();
  std::string line = std::string(name(instruction.kind())) + " " + told(instruction.span()) +
                     " lines " + std::to_string(instruction.first_line()) + "-" +
                     std::to_string(instruction.last_line()) + " [" + data.joined.text + "]";
  if (const auto stage = instruction.stage()) line += " of " + std::to_string(stage->index());
  for (const Flag& flag : instruction.flags()) line += " flag " + told(flag.span());
  for (const Word& word : instruction.words()) line += " " + told(word.span()) + told(word.value());
  for (const Pair& pair : instruction.pairs()) {
    line += " pair " + told(pair.span());
    if (pair.value()) line += told(pair.value()->value());
  }
  for (const HeredocData& heredoc : data.heredocs)
    line += " heredoc " + heredoc.delimiter + told(heredoc.whole) + told(heredoc.body);
  for (const Command& command : instruction.commands()) {
    line += " {" + command.name() + " " + told(command.span());
    for (const shell::Argument& text : command.argument_texts()) line += " " + text.value_or("?");
    line += "}";
  }
  return line + (instruction.script().opaque ? " opaque" : "") +
         (instruction.is_trigger() ? " trigger" : "");
}

inline std::string told(const Stage& stage) {
  std::string line = "stage " + stage.name() + " " + told(stage.span());
  if (const auto parent = stage.parent()) line += " on " + std::to_string(parent->index());
  const EffectiveState state = stage.state();
  line += (stage.is_shipped() ? " shipped " : " ") + told(state.account) + told(state.folder);
  for (const Instruction& instruction : stage.instructions())
    line += " " + std::to_string(instruction.index());
  for (const std::string& source : stage.sources()) line += " from " + source;
  for (const Effect& effect : stage.effects().effects()) {
    line += " <" + std::to_string(effect.instruction) + " " + told(effect.span) + " " +
            std::to_string(effect.what.index()) + effect.user;
    if (const auto* file = effect.as<FileEffect>())
      line += " " + told(file->path) + (file->stage ? std::to_string(*file->stage) : file->image) +
              file->owner + " " + std::to_string(file->mode_after.value_or(0)) + "<" +
              std::to_string(file->mode_before.value_or(0)) + (file->in_mount ? " mount" : "") +
              told(file->text_span);
    if (const auto* download = effect.as<DownloadEffect>())
      line += download->verified ? " verified" : " unverified";
    line += " " + std::to_string(effect.layer.value_or(99)) + "/" +
            std::to_string(effect.command.value_or(99)) + (effect.certain ? ">" : "?>");
  }
  for (const Instruction& instruction : stage.instructions()) {
    for (const Command& command : instruction.commands()) {
      const auto [first, last] = stage.effects().of(command);
      line += " " + std::to_string(first) + "-" + std::to_string(last);
    }
  }
  return line;
}

inline std::vector<std::string> told(const Document& document) {
  std::vector<std::string> lines{std::string("escape ") + document.escape()};
  for (const Document::Directive& directive : document.directives())
    lines.push_back(directive.name + "=" + directive.value + told(directive.span) +
                    told(directive.value_span));
  for (const Span comment : document.comments()) lines.push_back("comment " + told(comment));
  for (const Span fault : document.faults()) lines.push_back("fault " + told(fault));
  for (const Instruction& instruction : document.instructions()) lines.push_back(told(instruction));
  for (const Stage& stage : document.stages()) lines.push_back(told(stage));
  return lines;
}

}  // namespace bulkhead
