#pragma once

// What the shell commands of a RUN are, as far as reading them tells. Made once for each RUN and
// shared between versions of a document, so all spans are bytes from the start of the instruction.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/shell/commands/options.h"
#include "analysis/shell/commands/packages.h"
#include "analysis/shell/commands/users.h"
#include "analysis/text/span.h"

namespace bulkhead::syntax {
class Parser;
}

namespace bulkhead::shell {

class SourceText;
struct Word;

// A part of a word.
struct Piece {
  enum class Kind : std::uint8_t {
    literal,       // text: what the shell makes of it, quotes and escapes removed
    variable,      // text: the name in $name, ${name} or ${name:-...}
    substitution,  // $(...), `...`, $((...)), <(...), ${#name}, ${!name}, (an array): text as
                   // written
    glob,          // * ? [...] ~ or {a,b} outside quotes: text as written
  };
  Kind kind = Kind::literal;
  std::string text;
  Span span;
  bool quoted = false;  // inside single or double quotes: never split, never a glob
  // What follows the name in ${name...}: ":-default", "#prefix", "[1]"; empty for $name and
  // ${name}.
  std::string operation = {};
  // Of a variable: what the script itself has given to it by then. Null where the script has given it
  // nothing, so that the environment counts; not literal where it is not certain what it was given.
  std::shared_ptr<const Word> assigned = {};
};

struct Word {
  Span span;
  std::vector<Piece> pieces;

  // The word's text when nothing in it depends on the run of the build.
  std::optional<std::string> literal() const;
  // The literal text with variables put back as "${name}", substitutions and globs as written: for
  // display and prefixes.
  std::string display() const;
};

struct Assignment {
  std::string name;
  Span span;
  Word value;           // no pieces for NAME=
  bool append = false;  // NAME+=value
};

struct Redirection {
  enum class Kind : std::uint8_t { input, output, append, heredoc, herestring, duplicate };
  Kind kind = Kind::output;
  int descriptor = -1;  // the number in front; -1 when there is none, -2 for &> and &>>
  Word target;          // a file; a descriptor or "-" for `duplicate`; the body for `heredoc`
  Span span;            // without the body of a heredoc
};

// What joins a command to the one before it in the same list.
enum class Link : std::uint8_t { first, sequence, and_then, or_else, pipe };

enum class Certainty : std::uint8_t { no, yes, unknown };

// Where a shell stands: behind `cd target`.
struct Directory {
  Word target;
  // What a relative target counts from; null: the folder that the instruction starts in.
  std::shared_ptr<const Directory> from = {};
};

// What a program is given, and what that makes it do.
struct Call {
  std::vector<Argument> arguments;      // the words behind its name
  std::optional<PackageCall> packages;  // by package_call()
  std::vector<AccountChange> accounts;  // by account_changes()
};
Call call_of(std::string_view program, std::vector<Argument> arguments);

struct Command {
  Span span;
  std::vector<Assignment> assignments;  // in front of the name, or the whole command
  std::vector<Word> words;              // the name first; empty for bare assignments
  // First those of the groups, branches and loops that it stands in (the nearest few, and no
  // heredoc), whose spans lie outside of the command's, then its own.
  std::vector<Redirection> redirections;
  // The first command of a group has that of the group.
  Link link = Link::first;
  // It may not run, or not exactly once: in a branch, a loop, a function, behind `||`, behind what
  // cannot be read. A command after `&&` runs whenever the RUN succeeds, but where a later `||`
  // forgives that it did not, and after a question (`[ -f x ] && ...`) that is not the end of the
  // script.
  bool conditional = false;
  bool in_substitution = false;  // inside $(...) or `...`: its output is used, not shown
  // Commands of one pipe have the same number, in order; those of a group that is part of a pipe
  // too.
  std::uint32_t pipeline = 0;
  // The word that names the program which runs in the end, behind wrappers such as sudo; none where that
  // depends on what the script does not say. May be behind all words.
  std::optional<std::size_t> program = {};
  std::string name = {};  // of that program, without its folder
  // Of that program, where no variable stands in its words; else null, and it takes the variables to tell.
  std::shared_ptr<const Call> call = {};
  // It stands in a text that some program runs (`sh -c '...'`, a heredoc for bash, the exec form), behind
  // the command that is given that text. An edit there has to respect the quotes of that text.
  bool in_text = false;

  // The shell that runs it, when it does.
  Certainty errexit = Certainty::no;                // set -e
  Certainty pipefail = Certainty::no;               // set -o pipefail
  std::shared_ptr<const Directory> directory = {};  // null: where the instruction starts
  std::shared_ptr<const Word> umask = {};           // null: as the instruction starts
  // Who it runs as, in a text for `su` or behind `gosu app sh -c`; null: as the instruction does.
  std::shared_ptr<const Word> user = {};
};

// A place where a variable is read, `$1` and `$?` among them.
struct VariableUse {
  std::string name;
  Span span;  // $name or ${...}, with the dollar sign; the bare name in arithmetic
  std::string operation = {};
};

struct Script {
  // In the order in which they run: nested ones after the one they stand in, those of a function behind
  // each call of it. A function that nothing calls runs nothing.
  std::vector<Command> commands;
  std::vector<VariableUse>
      uses;  // in the order of the text, those in heredoc bodies and nested ones too
  std::vector<std::string>
      assigned;            // names whose value is changed: NAME=, export, read, for, unset; sorted
  bool has_error = false;  // the shell would stop, or the grammar does not know it
  bool opaque = false;  // a language without a grammar (PowerShell, cmd, Python): nothing is known
};

// How the shell is started.
struct ShellStart {
  bool errexit = false;
  bool pipefail = false;

  bool operator==(const ShellStart&) const = default;
};

// Reads the shell text `source` of one instruction. `ranges` are the parts of it that the builder
// hands to the shell, in order and apart from one another: without continuations, the comment and
// blank lines inside them. Never fails; what cannot be read sets `has_error` and the rest is still
// there. A file that the script sources is taken to leave variables and folder alone.
Script parse(syntax::Parser& parser, std::string_view source, std::span<const Span> ranges,
             ShellStart start = {});

// A word of the exec form: where it stands, quotes included, and what it says.
struct ExecWord {
  Span span;
  const SourceText& text;
};

// Reads the exec form: one program, and no shell unless it is one.
Script parse_exec(syntax::Parser& parser, std::span<const ExecWord> words);

}  // namespace bulkhead::shell
