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

}  // namespace

std::optional<Word> place_in_root_home(const Instruction& instruction) {
  const bool transfer = instruction.kind() == Keyword::copy || instruction.kind() == Keyword::add;
  if ((instruction.kind() != Keyword::workdir && !transfer) || instruction.is_trigger())
    return std::nullopt;
  const auto words = instruction.words();
  if (words.size() < (transfer ? 2 : 1) || !lies_at_home(words.back())) return std::nullopt;
  return words.back();
}

std::vector<Word> places_in_root_home(const Stage& stage) {
  std::vector<Word> found;
  const std::vector<Stage> lineage = stage.lineage();
  for (const Stage& at : lineage) {
    for (const Instruction& instruction : at.instructions()) {
      if (const auto place = place_in_root_home(instruction)) found.push_back(*place);
    }
  }
  const bool is_open = !found.empty() && std::ranges::any_of(lineage, [](const Stage& at) {
    return std::ranges::any_of(at.all<Run>(), opens_home);
  });
  return is_open ? std::vector<Word>() : found;
}

}  // namespace bulkhead::rules
