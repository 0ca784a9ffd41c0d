#include "analysis/rules/command_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analysis/facts/registries.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view setting_options = "-o -c --option --config --setopt";

// "-fsSLk" without the letter, or nothing where it is no such bundle.
std::optional<std::string> without_letter(const std::string& argument, std::string_view letters) {
  if (argument.size() < 2 || argument[0] != '-' || argument[1] == '-') return std::nullopt;
  const std::size_t at = argument.find_first_of(letters, 1);
  // A value may follow an option in the same argument: what is no letter ends the bundle.
  const std::size_t end = std::min(
      argument.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ#0", 1),
      argument.size());
  if (at >= end) return std::nullopt;
  return argument.substr(0, at) + argument.substr(at + 1);
}

// A glob that fits no file, as that of --setopt=*.sslverify=0, stays as it is.
shell::Argument text_of(const ShellWord& word) {
  using Kind = shell::Piece::Kind;
  const bool is_plain = std::ranges::all_of(word.pieces(), [](const shell::Piece& piece) {
    return piece.kind == Kind::literal || piece.kind == Kind::glob;
  });
  return is_plain ? word.value().text : word.text();
}

class Search {
 public:
  Search(const Command& command, Report& report, std::string_view consequence)
      : command_(command), report_(report), consequence_(consequence), words_(command.arguments()) {
    texts_.reserve(words_.size());
    for (const ShellWord& word : words_) texts_.push_back(text_of(word));
  }

  void run(const UnwantedOptions& unwanted) {
    if (!unwanted.subcommands.empty() &&
        std::ranges::none_of(texts_, [&](const shell::Argument& text) {
          return text && is_listed(*text, unwanted.subcommands);
        })) {
      return;
    }
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (!texts_[i]) continue;
      const std::string& text = *texts_[i];
      if (is_listed(text, unwanted.options)) {
        report(i, text, {remove_argument(command_, i)});
      } else if (const auto rest = without_letter(text, unwanted.letters)) {
        if (rest->size() == 1) {
          report(i, text, {remove_argument(command_, i)});
        } else {
          const char letter = text[text.find_first_of(unwanted.letters, 1)];
          report(i, text, {replace(words_[i], *rest)}, fmt::format("{} from {}", letter, text));
        }
      } else {
        read_setting(i, text, unwanted.settings);
      }
    }
  }

 private:
  // "--setopt=sslverify=0", "-osslverify=0", or the value of the argument in front.
  void read_setting(std::size_t at, const std::string& text, std::string_view settings) {
    if (settings.empty()) return;
    const auto is_setting = [&](std::string_view value) {
      return facts::matches_any_glob(settings, lower_case(value));
    };
    const std::size_t equals = text.find('=');
    const bool joined = text.starts_with("--") &&
                        is_listed(text.substr(0, equals), setting_options) &&
                        equals != std::string::npos && is_setting(text.substr(equals + 1));
    const bool bundled = text.size() > 2 && is_listed(text.substr(0, 2), setting_options) &&
                         is_setting(text.substr(2));
    const bool behind =
        at > 0 && texts_[at - 1] && is_listed(*texts_[at - 1], setting_options) && is_setting(text);
    // dnf config-manager setopt sslverify=0
    const bool operand = !joined && !bundled && !behind && is_setting(text) &&
                         std::ranges::find(texts_, shell::Argument("setopt")) != texts_.end();
    if (!joined && !bundled && !behind && !operand) return;
    std::vector<Edit> removal;
    if (is_nothing_without(at)) {
      if (auto edit = remove_command(command_)) removal.push_back(*std::move(edit));
    } else {
      removal = remove_option(command_, at, behind);
    }
    report(at, text, std::move(removal));
  }

  // Whether the command is there to change settings, and changes only that one.
  bool is_nothing_without(std::size_t at) const {
    const auto begin = std::ranges::find(texts_, shell::Argument("config-manager"));
    const bool is_subcommand = begin != texts_.end();
    if (!is_subcommand && command_.name() != "yum-config-manager") return false;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (i == at || !texts_[i] ||
          is_listed(*texts_[i], "config-manager setopt --setopt --save -y"))
        continue;
      return false;
    }
    return true;
  }

  // What goes is `text`, unless `gone` says otherwise.
  void report(std::size_t at, const std::string& text, std::vector<Edit> removal,
              const std::string& gone = {}) {
    if (!has_own_word(command_, at)) removal.clear();
    report_.at(words_[at], fmt::format("{} {}: {}", command_.name(), text, consequence_))
        .fix(Safety::unsafe, "Remove " + (gone.empty() ? text : gone), std::move(removal));
  }

  const Command& command_;
  Report& report_;
  std::string_view consequence_;
  std::vector<ShellWord> words_;
  std::vector<shell::Argument> texts_;
};

}  // namespace

void report_options(const Command& command, Report& report, const UnwantedOptions& unwanted,
                    std::string_view consequence) {
  if (is_listed(command.name(), unwanted.programs))
    Search(command, report, consequence).run(unwanted);
}

bool has_argument(const Command& command, std::string_view text) {
  const auto& texts = command.argument_texts();
  return std::ranges::find(texts, shell::Argument(text)) != texts.end();
}

std::vector<Edit> remove_option(const Command& command, std::size_t at, bool is_value) {
  if (!has_own_word(command, at) || (is_value && !has_own_word(command, at - 1))) return {};
  return is_value ? remove_arguments(command, {at - 1, at}) : remove_arguments(command, {at});
}

}  // namespace bulkhead::rules
