#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// How programs are told to run for those who write them: debuggers, error pages that show the source.
namespace bulkhead::facts {

struct DebugSwitch {
  enum class Kind : std::uint8_t {
    variable,  // of the environment: `name`, a glob
    argument,  // of `programs`
    setting,   // `name` in a file whose path fits `programs`
  };
  Kind kind;
  std::string_view name;
  std::string_view programs;  // names, or globs of paths, between blanks; "*" is any
  std::string_view values;    // globs in lower case between blanks: what switches it on
  // Globs between blanks: only where a word of what the container starts fits one; empty: always.
  std::string_view with;
  std::string_view off;   // the value to put instead; "remove" of an argument; empty: not known
  std::string_view what;  // it does, for people to read: "switches Flask's debugger on: ..."
};

// In the order of the table, where the first that fits counts. Lives as long as the program.
std::span<const DebugSwitch> debug_switches();

// Whether `value` (of a variable, one word of it) or the argument switches it on.
bool is_on(const DebugSwitch& debug_switch, std::string_view value);

}  // namespace bulkhead::facts
