#include "analysis/model/process.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "analysis/facts/packages.h"
#include "analysis/model/paths.h"

namespace bulkhead {
namespace {

constexpr std::array<std::string_view, 27> prompts = {"sh",
                                                      "bash",
                                                      "ash",
                                                      "dash",
                                                      "zsh",
                                                      "fish",
                                                      "pwsh",
                                                      "powershell",
                                                      "cmd",
                                                      "cmd.exe",
                                                      "powershell.exe",
                                                      "pwsh.exe",
                                                      "python",
                                                      "python2",
                                                      "python3",
                                                      "pypy",
                                                      "pypy3",
                                                      "node",
                                                      "irb",
                                                      "iex",
                                                      "erl",
                                                      "ghci",
                                                      "julia",
                                                      "jshell",
                                                      "lua",
                                                      "php",
                                                      "R"};

// Programs that start what follows them.
constexpr std::array<std::string_view, 3> starters = {"tini", "dumb-init", "catatonit"};

template <class List>
bool contains(const List& list, std::string_view item) {
  return std::ranges::find(list, item) != list.end();
}

void add_words(const Instruction& instruction, std::vector<std::string>& words) {
  for (const Word& word : instruction.words()) {
    if (instruction.is_json()) {
      words.emplace_back(word.text());
      continue;
    }
    const std::string_view text = word.text();
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find_first_of(" \t\n", at), text.size());
      if (end > at) words.emplace_back(text.substr(at, end - at));
      at = end + 1;
    }
  }
}

}  // namespace

Process process_of(const Stage& stage) {
  const EffectiveState state = stage.state();
  Process process{state.entrypoint, state.cmd, {}};
  if (process.entrypoint) add_words(*process.entrypoint, process.words);
  if (process.command) add_words(*process.command, process.words);
  return process;
}

bool is_prompt(const Process& process) {
  auto word = process.words.begin();
  const auto end = process.words.end();
  const auto passes_on = [](std::string_view text) {
    return text == "--" || text.ends_with(".sh") || contains(starters, file_name(text));
  };
  while (word != end && passes_on(*word)) ++word;
  if (word == end || !contains(prompts, file_name(*word))) return false;
  return std::all_of(word + 1, end, [](std::string_view argument) {
    return argument == "-i" || argument == "-l" || argument == "--login" || argument == "-a" ||
           argument == "-il" || argument == "-li";
  });
}

Place start_place(const Stage& stage) {
  std::optional<Instruction> start;
  Instruction last = stage.from();
  for (const Instruction& instruction : stage.instructions()) {
    if (instruction.is_trigger()) continue;
    last = instruction;
    switch (instruction.kind()) {
      case Keyword::entrypoint:
      case Keyword::cmd:
        if (!start) start = instruction;
        break;
      case Keyword::run:
      case Keyword::copy:
      case Keyword::add:
      case Keyword::workdir:
      case Keyword::user:
        start.reset();
        break;
      default:
        break;
    }
  }
  return start ? Place{*start, true} : Place{last, false};
}

bool is_for_developers(const Stage& stage) {
  return stage.index() + 1 < stage.document().stages().size() &&
         facts::is_development(stage.name());
}

}  // namespace bulkhead
