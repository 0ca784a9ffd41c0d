#include "analysis/rules/variable_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "analysis/text/ascii.h"

namespace bulkhead::rules {

namespace {

class Collector {
 public:
  explicit Collector(std::string_view name) : name_(name), start_(std::string(name) + "=") {}

  void read(const Instruction& instruction) {
    if (instruction.kind() == Keyword::env || instruction.kind() == Keyword::arg) {
      for (const Pair& pair : instruction.pairs()) {
        const auto value = pair.value();
        if (value && pair.name().value().text == name_)
          found_.push_back({instruction, pair.span(), value->value(), {remove(pair)}});
      }
    }
    const auto commands = instruction.commands();
    const bool is_exported = instruction.variable(name_).has_value() ||
                             std::ranges::any_of(commands, [&](const Command& command) {
                               return command.name() == "export" &&
                                      std::ranges::count(command.argument_texts(), name_) > 0;
                             });
    for (const Command& command : commands) read(command, is_exported);
  }

  std::vector<VariableSetting> take() { return std::move(found_); }

 private:
  void read(const Command& command, bool is_exported) {
    const shell::Command& data = command.data();
    for (const shell::Assignment& assignment : data.assignments) {
      // Alone it stays in the shell.
      if (assignment.name != name_ || (data.words.empty() && !is_exported)) continue;
      add(command, command.run().at(assignment.span),
          ShellWord(command.run(), assignment.value).value());
    }
    // `export NAME=value`, and words in front of a program: `env NAME=value program`.
    const bool exports = command.name() == "export";
    const std::size_t end = exports ? data.words.size() : command.unwrapped().program;
    for (std::size_t i = 1; i < end; ++i) {
      const ShellWord word = command.word(i);
      Value value = word.value();
      if (!value.text.starts_with(start_)) continue;
      value.text.erase(0, start_.size());
      add(command, word.span(), std::move(value), exports && end == 2);
    }
  }

  void add(const Command& command, Span place, Value value, bool is_all = false) {
    const auto edit = is_all ? remove_command(command) : remove_part(command, place);
    found_.push_back({command.run(), place, std::move(value), {}});
    if (edit) found_.back().removal.push_back(*edit);
  }

  std::string name_;
  std::string start_;
  std::vector<VariableSetting> found_;
};

// Quotes, `+=`, and what continues a line.
constexpr bool may_separate(char c) {
  return std::string_view("\"'+\\`\r\n").find(c) != std::string_view::npos;
}

// What stands in front of each `=` of an instruction, with no more than that between them. Many rules ask all
// instructions for names that few of them have.
class Assigned {
 public:
  explicit Assigned(const Instruction& instruction) {
    const std::string_view text = instruction.document().text(instruction.span());
    for (std::size_t at = text.find('='); at != text.npos; at = text.find('=', at + 1)) {
      if (texts_.size() == most) return;
      std::string_view before = text.substr(0, at);
      while (!before.empty() && may_separate(before.back())) before.remove_suffix(1);
      if (!before.empty() && is_name_character(before.back())) texts_.push_back(before);
    }
  }
  bool empty() const { return texts_.empty(); }
  // Whether `name` may be among them; of more than anybody writes each may.
  bool may_have(std::string_view name) const {
    return texts_.size() == most || std::ranges::any_of(texts_, [&](std::string_view before) {
             return before.ends_with(name);
           });
  }

 private:
  static constexpr std::size_t most = 1000;
  std::vector<std::string_view> texts_;
};

bool gives_values(const Instruction& instruction) {
  return instruction.kind() == Keyword::arg || instruction.kind() == Keyword::env;
}

bool may_set(const Report& report, const Instruction& instruction, std::string_view name) {
  if (!may_set_variables(report, instruction)) return false;
  const std::string_view text = instruction.document().text(instruction.span());
  return gives_values(instruction) ? text.find(name) != text.npos
                                   : report.view<Assigned>(instruction).may_have(name);
}

}  // namespace

bool may_set_variables(const Report& report, const Instruction& instruction) {
  return gives_values(instruction) ||
         (!instruction.script().commands.empty() && !report.view<Assigned>(instruction).empty());
}

std::vector<VariableSetting> settings_of(const Report& report, const Instruction& instruction,
                                         std::string_view name) {
  if (!may_set(report, instruction, name)) return {};
  Collector collector(name);
  collector.read(instruction);
  return collector.take();
}

void tell_setting(VariableSetting setting, Report& report, std::string_view name,
                  std::string_view fault, std::string_view consequence) {
  const std::string& value = setting.value.text;
  report.at(setting.place, fmt::format("With {}={} {}: {}", name, value, fault, consequence))
      .origins(setting.instruction, setting.value.variables, "the value comes from here")
      .fix(Safety::unsafe, fmt::format("Leave {}={} out", name, value), std::move(setting.removal));
}

void report_setting(const Instruction& instruction, Report& report, std::string_view name,
                    std::string_view value, std::string_view fault, std::string_view consequence) {
  for (VariableSetting& setting : settings_of(report, instruction, name)) {
    if (setting.value.known && setting.value.text == value)
      tell_setting(std::move(setting), report, name, fault, consequence);
  }
}

}  // namespace bulkhead::rules
