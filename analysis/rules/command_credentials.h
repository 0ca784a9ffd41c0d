#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/credential_arguments.h"
#include "analysis/model/document.h"

namespace bulkhead::rules {

// A place on a command line where a program takes a credential.
struct CommandCredential {
  using Form = facts::CredentialArgument::Form;

  ShellWord word;          // that holds it
  std::size_t offset = 0;  // where the value begins in the word's text: behind "--password="
  bool own_word = true;    // false for one of several words that come out of a variable
  Form form = Form::whole;
  std::string call;         // who gets it, for people to read: "docker login"
  std::string_view what;    // it is: "password"
  std::string_view secret;  // a name for it
  bool keeps = false;       // the program writes it into a file
  WordList known = {};      // values that everybody knows, between blanks

  // Where the credential itself is in `text`, what the word says: behind "user:", "Bearer ", "pass:". None
  // where there is none.
  std::optional<std::string_view> part(std::string_view text) const;
};

// Those of a command, in the order of the table of facts.
std::vector<CommandCredential> credentials_of(const Command& command);

}  // namespace bulkhead::rules
