#include "analysis/rules/root_home.h"

#include <algorithm>
#include <string>

#include "analysis/model/paths.h"
#include "analysis/text/ascii.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

bool lies_at_home(const Word& word) {
  // Most words need not be read to see that.
  const std::string_view written = word.text();
  constexpr CharacterSet special("$\\`");
  if (written.find("root") == std::string_view::npos &&
      special.find_in(written) == std::string_view::npos)
    return false;
  const Value path = word.value();
  return path.known && is_within(normalized(path.text), root_home);
}

// Whether a command may open the folder to others.
bool opens_home(const Run& run) {
  return std::ranges::any_of(run.commands(), [](const Command& command) {
    const std::string& program = command.name();
    if (program != "chmod" && program != "chown") return false;
    return std::ranges::any_of(command.arguments(), [](const ShellWord& word) {
      return normalized(word.value().text) == root_home;
    });
  });
}

void add_places(const Stage& stage, std::vector<Word>& found) {
  for (const Instruction& instruction : stage.instructions()) {
    const auto words = instruction.words();
    if (instruction.is_trigger() || words.empty()) continue;
    const bool transfer =
        (instruction.kind() == Keyword::copy || instruction.kind() == Keyword::add) &&
        words.size() > 1;
    if (instruction.kind() != Keyword::workdir && !transfer) continue;
    const Word word = words.back();
    if (lies_at_home(word)) found.push_back(word);
  }
}

}  // namespace

std::vector<Word> places_in_root_home(const Stage& stage) {
  std::vector<Word> found;
  const std::vector<Stage> lineage = stage.lineage();
  for (const Stage& at : lineage) add_places(at, found);
  const bool is_open = !found.empty() && std::ranges::any_of(lineage, [](const Stage& at) {
    return std::ranges::any_of(at.all<Run>(), opens_home);
  });
  return is_open ? std::vector<Word>() : found;
}

}  // namespace bulkhead::rules
