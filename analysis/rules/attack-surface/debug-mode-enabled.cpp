#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>
#include <set>
#include <string>

#include "analysis/facts/debug_switches.h"
#include "analysis/facts/packages.h"
#include "analysis/facts/registries.h"
#include "analysis/model/paths.h"
#include "analysis/model/process.h"
#include "analysis/rules/workplaces.h"
#include "analysis/rules/written_settings.h"

namespace bulkhead::rules {
namespace {

using facts::DebugSwitch;
using Kind = DebugSwitch::Kind;

// "-agentlib:jdwp" of "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005".
std::string shortened(const std::string& word) {
  return word.size() > 32 ? word.substr(0, word.find('=')) : word;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (const auto part : std::views::split(text, ' ')) {
    if (!part.empty()) words.emplace_back(part.begin(), part.end());
  }
  return words;
}

class Search {
 public:
  Search(const Stage& stage, Report& report)
      : stage_(stage), report_(report), process_(process_of(stage)) {}

  void run() {
    std::set<std::string> seen;
    for (const Stage& stage : stage_.lineage()) {
      for (const Instruction& instruction : std::views::reverse(stage.instructions())) {
        if (instruction.kind() != Keyword::env || instruction.is_trigger()) continue;
        for (const Pair& pair : std::views::reverse(instruction.pairs())) {
          // What stands further down overrules it.
          if (seen.insert(pair.name().value().text).second) variable(instruction, pair);
        }
      }
      files(stage);
    }
    for (const auto& instruction : {process_.entrypoint, process_.command}) {
      if (!instruction) continue;
      for (const Command& command : instruction->commands()) arguments(command);
    }
    if (process_.entrypoint && process_.command && process_.command->is_json()) defaults();
  }

 private:
  bool applies(const DebugSwitch& row) const {
    return row.with.empty() || std::ranges::any_of(process_.words, [&](const std::string& word) {
             return facts::matches_any_glob(row.with, word);
           });
  }

  void variable(const Instruction& instruction, const Pair& pair) {
    const std::string name = pair.name().value().text;
    const auto word = pair.value();
    if (!word) return;
    const Value value = word->value();
    std::vector<std::string> words = words_of(value.text);
    for (const DebugSwitch& row : facts::debug_switches()) {
      if (row.kind != Kind::variable || !facts::matches_glob(row.name, name) || !applies(row))
        continue;
      const auto on = std::ranges::find_if(
          words, [&](const std::string& each) { return facts::is_on(row, each); });
      if (on == words.end()) continue;
      auto finding =
          report_.at(pair, fmt::format("{}{}{} {}", name, words.size() == 1 ? "=" : " with ",
                                       shortened(*on), row.what));
      finding.origins(instruction, value.variables, "the value comes from here");
      words.erase(on);
      if (!row.off.empty()) {
        finding.fix(Safety::unsafe, fmt::format("Set {} to {}", name, row.off),
                    replace(*word, row.off));
      } else if (words.empty()) {
        finding.fix(Safety::unsafe, "Remove " + name, remove(pair));
      } else if (value.variables.empty()) {
        finding.fix(Safety::unsafe, "Remove the option",
                    replace(*word, fmt::format("{}", fmt::join(words, " "))));
      }
      return;
    }
  }

  // The row that switches something on by `text`, behind the words `before`; null for none.
  static const DebugSwitch* argument(const std::vector<std::string>& before,
                                     const std::string& text) {
    const auto found = std::ranges::find_if(facts::debug_switches(), [&](const DebugSwitch& row) {
      return row.kind == Kind::argument && facts::is_on(row, text) &&
             std::ranges::any_of(before, [&](const std::string& word) {
               return facts::matches_any_glob(row.programs, file_name(word));
             });
    });
    return found == facts::debug_switches().end() ? nullptr : &*found;
  }

  template <class Place>
  FindingBuilder report(const Place& place, const std::vector<std::string>& before,
                        const std::string& text, const DebugSwitch& row) {
    const auto program = std::ranges::find_if(before, [&](const std::string& word) {
      return facts::matches_any_glob(row.programs, file_name(word));
    });
    return report_.at(place,
                      fmt::format("{} {} {}", file_name(*program), shortened(text), row.what));
  }

  void arguments(const Command& command) {
    const auto words = command.arguments();
    const auto& texts = command.argument_texts();
    std::vector<std::string> before{command.name()};
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!texts[i]) continue;
      if (const DebugSwitch* row = argument(before, *texts[i])) {
        auto finding = report(words[i], before, *texts[i], *row);
        if (row->off == "remove") {
          finding.fix(Safety::unsafe, "Remove " + shortened(*texts[i]),
                      remove_argument(command, i));
        } else if (!row->off.empty()) {
          finding.fix(Safety::unsafe, fmt::format("Replace {} with {}", *texts[i], row->off),
                      replace(words[i], row->off));
        }
      }
      before.push_back(*texts[i]);
    }
  }

  // CMD beside an ENTRYPOINT: arguments of that one's program.
  void defaults() {
    std::vector<std::string> before;
    for (const Command& command : process_.entrypoint->commands()) before.push_back(command.name());
    for (const Word& word : process_.command->words()) {
      const std::string text = word.value().text;
      const DebugSwitch* row = argument(before, text);
      // The first word is the name of a command, whose arguments were looked at.
      if (row != nullptr &&
          argument({process_.command->words()[0].value().text}, text) == nullptr) {
        auto finding = report(word, before, text, *row);
        if (row->off == "remove") {
          finding.fix(Safety::unsafe, "Remove " + shortened(text),
                      remove_word(*process_.command, word));
        }
      }
      before.push_back(text);
    }
  }

  void files(const Stage& stage) {
    for (const DebugSwitch& row : facts::debug_switches()) {
      if (row.kind != Kind::setting) continue;
      for (const WrittenSetting& setting :
           written_settings(report_, stage, row.programs, row.name)) {
        if (facts::is_on(row, setting.value())) report_setting(report_, setting, row.what, row.off);
      }
    }
    stage.effects().each<FileEffect>([&](const Effect& effect, const FileEffect& file) {
      constexpr std::string_view ini = "php.ini-development";
      if (!file.from.text.ends_with(ini) || !file.path.text.ends_with("php.ini")) return;
      auto finding = report_.at(
          effect.span,
          fmt::format("{} as {} shows errors of PHP to visitors, with paths and queries in them",
                      ini, file.path.text));
      const Span span = Instruction(stage.document(), effect.instruction).span();
      const std::size_t at = stage.document().text(span).find(ini);
      if (at == std::string_view::npos) return;
      const auto begin = span.begin + static_cast<std::uint32_t>(at);
      const auto end = begin + static_cast<std::uint32_t>(ini.size());
      finding.fix(Safety::unsafe, "Use php.ini-production",
                  replace(Span{begin, end}, "php.ini-production"));
    });
  }

  const Stage& stage_;
  Report& report_;
  Process process_;
};

void check(const Stage& stage, Report& report) {
  const bool is_last = stage.index() + 1 == stage.document().stages().size();
  if (is_last && !is_workplace(stage)) Search(stage, report).run();
}

}  // namespace

extern constinit const Rule debug_mode_enabled{
    .id = "debug-mode-enabled",
    .title = "Image that runs in debug mode",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"sonar:S4507"},
    .why = R"(
Debug modes are for those who write a program: errors show its source, settings and queries, and debuggers take
code to run from whoever reaches them. The debugger of Java asks for no password at all, and the one of Flask only
for a PIN that can be computed from what errors show.

The rule knows the switches of common frameworks and runtimes in `ENV`, `CMD`, `ENTRYPOINT` and files such as
`php.ini`, and looks at the last stage only. Where its name says that it is for development (`dev`, `debug`,
`test`), it is left alone. `DEBUG` counts where the process is one of Django; `NODE_OPTIONS=--inspect` only where
it listens on all interfaces.

Switch it on where it is needed: `docker run -e FLASK_DEBUG=1`, a `compose.override.yaml`, or a stage of its own.

The fix switches it off, or takes the option away. It is unsafe: the program may do other things then.
)",
    .bad = R"(
FROM python:3.14-slim
ENV FLASK_DEBUG=1
CMD ["flask", "run", "--host=0.0.0.0"]
)",
    .good = R"(
FROM python:3.14-slim
ENV FLASK_DEBUG=0
CMD ["flask", "run", "--host=0.0.0.0"]
)",
    .references = {"https://flask.palletsprojects.com/en/stable/debugging/",
                   "https://cwe.mitre.org/data/definitions/489.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
