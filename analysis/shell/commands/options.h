#pragma once

// The options of a command line, read as getopt_long does (POSIX, "Utility Syntax Guidelines", and GNU's
// long options).

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/word_list.h"

namespace bulkhead::shell {

// The text of a word behind a command's name; none where it is not known before the build.
using Argument = std::optional<std::string>;

// An option that a command knows.
struct Option {
  std::string_view name;  // without dashes: "home-dir"; also where it has only a letter
  char letter = 0;        // 0 for none
  bool takes_value = false;
};

// `rows`, the options in `flags`, and those in `valued`, which take a value. They stand between blanks: "quiet",
// "q/quiet", and "-q" for one that has only a letter.
std::vector<Option> all_options(std::span<const Option> rows, std::string_view flags,
                                std::string_view valued);

// An option as given.
struct GivenOption {
  std::string_view name;  // that of the Option
  Argument value;         // none as well where it takes no value, or the value is missing
  // Where the value stands: the index of the argument, and the first byte in it ("-m755": 2). That of
  // the option itself, and 0, where there is none.
  std::size_t argument = 0;
  std::size_t offset = 0;
};

struct CommandLine {
  std::vector<GivenOption> options;
  std::vector<std::size_t>
      operands;  // indexes of the arguments that are no options nor their values
  std::vector<std::size_t> unknown;  // indexes of the arguments with an option that is not known

  bool has(std::string_view name) const { return find(name) != nullptr; }
  // The last one counts, as with most programs; null where it is not given.
  const GivenOption* find(std::string_view name) const;
  Argument value(std::string_view name) const;
};

// Reads `arguments`, those behind the command's name. Options may stand between operands, a long one may
// be cut short as long as only one known begins so. An unknown option takes no value; an argument that
// is not known counts as an operand, or as the value that the option in front of it waits for.
CommandLine read_options(std::span<const Argument> arguments, std::span<const Option> known);

// The index of the first argument that is no option, where another command line begins. The letters in
// `with_value` ("nI") take the next argument unless the value is in the same one, and so do the long
// options in `long_with_value` (without dashes, between blanks).
std::size_t first_operand(std::span<const Argument> arguments, std::string_view with_value,
                          const WordList& long_with_value = {});

}  // namespace bulkhead::shell
