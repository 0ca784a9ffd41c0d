#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/secret_patterns.h"
#include "analysis/finding.h"
#include "analysis/model/document.h"
#include "analysis/rule.h"
#include "analysis/shell/source_text.h"

namespace bulkhead::rules {

class SecretVariables;

// The rule that speaks of a secret: each has one, the first of these that fits.
enum class SecretPlace : std::uint8_t {
  variable,  // in a value of ENV or ARG that is reported for its name
  git,       // an argument of git
  url,       // the user or password of any other URL
  argument,  // of a command in RUN that takes a secret there
  heredoc,   // the body of a heredoc
  metadata,  // LABEL, MAINTAINER, CMD, ENTRYPOINT, HEALTHCHECK or a comment
  other,
};

// A secret that a document holds, by value, or as a variable in the user or password of a URL.
struct PlacedSecret {
  SecretPlace place = SecretPlace::other;
  Span span;                                      // the secret, or the variable, and nothing else
  const facts::SecretPattern* pattern = nullptr;  // null for a variable
  // How messages show it: "GitHub classic personal access token ghp… (40 characters)", "$TOKEN".
  std::string shown;
  std::optional<std::uint32_t> instruction = {};  // none in a comment between instructions
  // Of one in a URL: what names the server, and its bytes up to the '@', where they stand together.
  std::string host = {};
  std::optional<Span> user_info = {};
  std::optional<Pair> definition = {};  // of a variable: the ARG or ENV that gives it its value
  std::optional<std::uint32_t> command = {};  // of git: in Run::commands()
};

// The secrets of an instruction, after quotes, escapes and continuations were resolved. In time in proportion to
// the text.
class SecretValues {
 public:
  SecretValues(const Instruction& instruction, SharedViews& views);

  // In the order of the text.
  const std::vector<PlacedSecret>& all() const { return secrets_; }

 private:
  void read_instruction(const Instruction& instruction);
  void sort();
  void read_urls(const shell::SourceText& text, const Instruction& instruction);
  void place_in_commands(const Run& run, std::size_t first);
  bool is_in_variable(const PlacedSecret& secret) const;
  bool has_variables() const;
  void place_in_variables(const SecretVariables& variables);

  const Document& document_;
  std::vector<PlacedSecret> secrets_;
};

// Those that stand in comments between instructions.
class CommentSecrets {
 public:
  CommentSecrets(const Document& document, SharedViews& views);
  const std::vector<PlacedSecret>& all() const { return secrets_; }

 private:
  std::vector<PlacedSecret> secrets_;
};

// Where the user and password of the first URL in a text stand, with their '@'; none where it has none.
std::optional<Span> user_info_in(std::string_view text);

// Takes user and password out of the URL and mounts a .netrc in their place; none where the program does
// not read one.
std::optional<Fix> netrc_fix(const Document& document, const PlacedSecret& secret);
// The same for what `command` is given; `user_info` are the bytes up to the '@'.
std::optional<Fix> netrc_fix(const Command& command, Span user_info);

}  // namespace bulkhead::rules
