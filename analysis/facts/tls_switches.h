#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "analysis/text/word_list.h"

// How programs that no rule of their own is for are told to check no certificate.
namespace bulkhead::facts {

struct TlsSwitch {
  enum class Kind : std::uint8_t {
    variable,       // of the environment: `name`; a word of its value is one of `values`
    argument,       // of `programs`: one of `values`
    configuration,  // `name` and its value behind it, in a command of `programs` that sets such things
    setting,        // `name` in a file whose path fits `programs`
  };
  Kind kind;
  std::string_view name;
  WordList programs;        // names, or globs of paths, between blanks
  std::string_view values;  // globs in lower case between blanks: what switches the check off
  std::string_view what;    // it does, for people to read: "makes Maven take any certificate"
};

// Lives as long as the program.
std::span<const TlsSwitch> tls_switches();

// Whether the value (or argument) switches the check off.
bool is_off(const TlsSwitch& tls_switch, std::string_view value);

}  // namespace bulkhead::facts
