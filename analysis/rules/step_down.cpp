#include "analysis/rules/step_down.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "analysis/model/paths.h"
#include "analysis/model/process.h"
#include "analysis/text/ascii.h"
#include "analysis/text/whole_word.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

// Programs that somebody installs only to leave root in an entry point.
constexpr std::array<std::string_view, 2> installed = {"gosu", "su-exec"};

bool is_name(char c) {
  return is_name_character(c) || c == '-';
}

bool installs_one(const Instruction& instruction) {
  const Keyword kind = instruction.kind();
  if (instruction.is_trigger() ||
      (kind != Keyword::run && kind != Keyword::add && kind != Keyword::copy))
    return false;
  const std::string_view text = instruction.document().text(instruction.span());
  return std::ranges::any_of(
      installed, [&](std::string_view name) { return has_whole_word(text, name, is_name); });
}

}  // namespace

bool steps_down(const Stage& stage, const Report& report) {
  // With those that the distributions bring, and that count only where they are called.
  for (const std::string& word : process_of(stage).words) {
    if (is_listed(
            file_name(word),
            "gosu su-exec setpriv runuser chpst s6-setuidgid setuidgid su start-stop-daemon sudo"))
      return true;
  }
  return std::ranges::any_of(stage.lineage(), [&](const Stage& at) {
    return !report.instructions<installs_one>(at).empty();
  });
}

}  // namespace bulkhead::rules
