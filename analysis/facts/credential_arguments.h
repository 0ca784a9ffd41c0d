#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "analysis/text/word_list.h"

// Where programs take passwords, tokens and the like on their command lines.
namespace bulkhead::facts {

struct CredentialArgument {
  enum class Form : std::uint8_t {
    whole,     // the argument is the credential
    attached,  // the same, and it has to stand right behind the option, as that of mysql does
    pair,      // user:THIS
    percent,   // user%THIS
    header,    // Authorization: Bearer THIS
    prefixed,  // pass:THIS
  };
  std::string_view programs;    // globs between blanks
  std::string_view subcommand;  // globs between blanks, in order; may be empty
  // Between blanks: "-p --password", a glob of the part in front of '=' ("-D*password"), or "NAME=", a
  // variable in front of the program. Empty: it is an operand, of that number behind the subcommand.
  std::string_view options;
  unsigned operand;
  Form form;
  bool keeps;               // the program writes it into a file
  std::string_view what;    // it is, for people to read: "password"
  std::string_view secret;  // a name for it
  WordList known;           // values that everybody knows and nobody minds, between blanks
};

// Lives as long as the program.
std::span<const CredentialArgument> credential_arguments();

}  // namespace bulkhead::facts
