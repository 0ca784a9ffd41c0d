#include "analysis/shell/commands/options.h"

#include <algorithm>
#include <ranges>

namespace bulkhead::shell {
namespace {

// By its whole name, or by the beginning of just one.
const Option* find_long(std::span<const Option> known, std::string_view name) {
  const Option* found = nullptr;
  for (const Option& option : known) {
    if (option.name == name) return &option;
    if (!option.name.starts_with(name)) continue;
    if (found != nullptr) return nullptr;
    found = &option;
  }
  return found;
}

}  // namespace

const GivenOption* CommandLine::find(std::string_view name) const {
  const auto reversed = options | std::views::reverse;
  const auto found = std::ranges::find(reversed, name, &GivenOption::name);
  return found == reversed.end() ? nullptr : &*found;
}

Argument CommandLine::value(std::string_view name) const {
  const GivenOption* option = find(name);
  return option != nullptr ? option->value : std::nullopt;
}

CommandLine read_options(std::span<const Argument> arguments, std::span<const Option> known) {
  CommandLine line;
  bool is_end = false;  // of the options, after "--"
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::size_t at = i;
    // The value is the rest of this argument from `offset` on, or else the next argument.
    const auto add = [&](const Option& option, std::size_t offset) {
      GivenOption given{option.name, std::nullopt, at, 0};
      if (option.takes_value && offset < arguments[at]->size()) {
        given.value = arguments[at]->substr(offset);
        given.offset = offset;
      } else if (option.takes_value && i + 1 < arguments.size()) {
        given.value = arguments[++i];
        given.argument = i;
      }
      line.options.push_back(std::move(given));
    };

    const std::string_view text =
        arguments[i] ? std::string_view(*arguments[i]) : std::string_view();
    if (is_end || text.size() < 2 || text[0] != '-') {
      line.operands.push_back(i);
    } else if (text == "--") {
      is_end = true;
    } else if (text[1] == '-') {
      const std::size_t equals = std::min(text.find('='), text.size());
      const Option* option = find_long(known, text.substr(2, equals - 2));
      if (option == nullptr) {
        line.unknown.push_back(at);
        continue;
      }
      if (equals < text.size()) {
        line.options.push_back(
            {option->name, std::string(text.substr(equals + 1)), at, equals + 1});
      } else {
        add(*option, text.size());
      }
    } else {
      for (std::size_t letter = 1; letter < text.size(); ++letter) {
        const auto option = std::ranges::find(known, text[letter], &Option::letter);
        if (option == known.end()) {
          if (line.unknown.empty() || line.unknown.back() != at) line.unknown.push_back(at);
          continue;
        }
        add(*option, letter + 1);
        if (option->takes_value) break;
      }
    }
  }
  return line;
}

}  // namespace bulkhead::shell
