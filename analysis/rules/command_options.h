#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "analysis/rule.h"

namespace bulkhead::rules {

// Options of programs that a rule is about; each list stands between blanks.
struct UnwantedOptions {
  WordList programs;
  WordList options = {};  // whole arguments: "--no-gpg-checks", "-k"
  std::string_view letters =
      {};  // short options that may stand together with others: "k" in -fsSLk
  // Values of -o, -c, --setopt and the like, in lower case; `*` is any text: "*.sslverify=0".
  std::string_view settings = {};
  WordList subcommands = {};  // only behind one of these, where there are any
};

// Reports each such argument of `command`, with a fix that takes it away and is never safe.
// `consequence` is what the message says behind the option's name.
void report_options(const Command& command, Report& report, const UnwantedOptions& unwanted,
                    std::string_view consequence);

// Whether one of the arguments is `text`.
bool has_argument(const Command& command, std::string_view text);

// Takes the argument `at` away, and with it the option in front of it whose value it is, if it `is_value`. Nothing
// where one of these is no word of its own.
std::vector<Edit> remove_option(const Command& command, std::size_t at, bool is_value);

}  // namespace bulkhead::rules
