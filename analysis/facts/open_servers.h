#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// How servers are told to ask nobody for a password.
namespace bulkhead::facts {

struct OpenServer {
  enum class Kind : std::uint8_t {
    variable,  // of the environment: `name`
    argument,  // of `programs`; of an option and its value, "--auth none", as --auth=none
    setting,   // `name` in a file whose path fits `programs`
  };
  Kind kind;
  std::string_view name;
  std::string_view programs;  // globs of names, or of paths, between blanks
  std::string_view values;    // globs in lower case between blanks: what lets everybody in
  // Globs in lower case between blanks, of other variables, arguments or settings, that make up for it.
  std::string_view unless;
  std::string_view what;  // it does, for people to read: "lets anyone into PostgreSQL as any user"
};

// Lives as long as the program.
std::span<const OpenServer> open_servers();

// Whether the value (or argument) lets everybody in.
bool is_open(const OpenServer& server, std::string_view value);

}  // namespace bulkhead::facts
