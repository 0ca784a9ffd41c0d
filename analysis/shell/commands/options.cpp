#include "analysis/shell/commands/options.h"

#include <algorithm>
#include <ranges>

namespace bulkhead::shell {
namespace {

// By its whole name, or by the beginning of just one.
const Option* find_long(std::span<const Option> known, std::string_view name) {
  const Option* found = nullptr;
  bool is_one = true;
  for (const Option& option : known) {
    if (option.name == name) return &option;
    if (!option.name.starts_with(name)) continue;
    is_one = found == nullptr;
    found = &option;
  }
  return is_one ? found : nullptr;
}

void add_options(std::vector<Option>& known, std::string_view names, bool takes_value) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    if (name.starts_with('-')) {
      known.push_back({name.substr(1), name[1], takes_value});
    } else if (name.size() > 1 && name[1] == '/') {
      known.push_back({name.substr(2), name[0], takes_value});
    } else {
      known.push_back({name, 0, takes_value});
    }
  }
}

}  // namespace

std::vector<Option> all_options(std::span<const Option> rows, std::string_view flags,
                                std::string_view valued) {
  std::vector<Option> known(rows.begin(), rows.end());
  add_options(known, flags, false);
  add_options(known, valued, true);
  return known;
}

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

std::size_t first_operand(std::span<const Argument> arguments, std::string_view with_value,
                          const WordList& long_with_value) {
  std::size_t at = 0;
  while (at < arguments.size() && arguments[at] && arguments[at]->size() > 1 &&
         arguments[at]->starts_with('-')) {
    const std::string_view option = *arguments[at];
    if (option == "--") return at + 1;
    const bool takes_next =
        option.starts_with("--")
            ? is_listed(option.substr(2), long_with_value)
            // The value of a letter in front of the last one is the rest of the word.
            : option.find_first_of(with_value, 1) == option.size() - 1;
    at += takes_next ? 2 : 1;
  }
  return std::min(at, arguments.size());
}

}  // namespace bulkhead::shell
