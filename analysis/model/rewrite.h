#pragma once

// Edits in the terms of a Dockerfile. One place knows the escape character, continuations,
// indentation, line ends, the case of keywords, quotes and the JSON form; rules only say what
// should stand where.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/finding.h"
#include "analysis/model/document.h"
#include "analysis/model/image_use.h"
#include "analysis/shell/commands/packages.h"

namespace bulkhead {

// `place` is replaced by `text` as it is.
Edit replace(Span place, std::string text);

// `word` is replaced by `text`, quoted as the word was (double, single, JSON) and where it has to
// be.
Edit replace(const Word& word, std::string_view text);

// `keyword` (or a flag's name, AS, ...) in the case that the document's author uses: "copy" for
// "add".
Edit replace_keyword(const Word& keyword, std::string_view upper_case);

// Puts another image, "name:tag", in place of the one used: where it is named, or in the ARG that its
// name comes from. None when the place cannot be told (several variables, an operation on one, parts of
// the name around a variable that would change), or when a digest says which image it is.
std::optional<Edit> set_image(const ImageUse& use, std::string_view image);

// The same for its tag alone, be it a first one.
std::optional<Edit> set_tag(const ImageUse& use, std::string_view tag);

// A line for the author's file, with the keyword that it begins with in the case of `keyword`, the author's.
std::string styled(std::string line, std::string_view keyword);

// Whole lines in front of `instruction` and of the comment lines that stand right above it. `lines`
// are without line ends; keywords in them follow the case of `instruction`'s own.
Edit insert_before(const Instruction& instruction, const std::vector<std::string>& lines);

// The same between those comments and the instruction.
Edit insert_right_before(const Instruction& instruction, const std::vector<std::string>& lines);

// Whole lines behind `instruction`; a line end is added where the document lacks the last one.
Edit insert_after(const Instruction& instruction, const std::vector<std::string>& lines);

// Takes the instruction and its last line end away. Comments above it stay, and one below does not
// become a directive: where that would be the first line, an empty one is left.
Edit remove(const Instruction& instruction);

// Takes one pair of ENV, ARG or LABEL away; the whole instruction if it is the only one.
Edit remove(const Pair& pair);

// Takes several pairs of one instruction away, told in order; the whole instruction if no other is
// left.
std::vector<Edit> remove(const std::vector<Pair>& pairs);

// Takes one argument away; the whole instruction if it is the only one.
Edit remove_word(const Instruction& instruction, const Word& word);

// Takes a flag away.
Edit remove(const Instruction& instruction, const Flag& flag);

// Adds `flag` ("--mount=type=secret,id=x") behind the flags that are there.
Edit add_flag(const Instruction& instruction, std::string_view flag);

// ---- The commands of a RUN. Nothing comes back where the layout is one that cannot be kept: other
// shells, the exec form where no shell runs, a command that is part of something larger than a chain.

// `word` is replaced by `text`, which the shell is to take as it is: quoted as the word was, or where it
// has to be; in the exec form as a JSON string.
Edit replace(const ShellWord& word, std::string_view text);

// `text` as one word of a shell, in quotes where it needs some.
std::string shell_quoted(std::string_view text);

// Runs `command` behind all that the RUN does, if that succeeds, in its author's way of breaking lines.
std::optional<Edit> append_command(const Run& run, std::string_view command);

// Puts `text` in place of a command, its redirections included.
std::optional<Edit> replace_command(const Command& command, std::string_view text);

// Takes a command out of a chain of `&&` or `;`; the whole RUN if it is the only one.
std::optional<Edit> remove_command(const Command& command);

// Takes several commands out, told in order; where one of them cannot go, none does.
std::optional<std::vector<Edit>> remove_commands(const std::vector<Command>& gone);

// Whether the argument (an index in Command::arguments()) is a word of its own, not one of several that come
// out of one variable: only then can it be changed alone.
bool has_own_word(const Command& command, std::size_t argument);

// Takes one argument away (an index in Command::arguments()) and the way to its neighbour.
Edit remove_argument(const Command& command, std::size_t argument);

// Takes one word, or one assignment in front of them, away and the way to its neighbour; the whole command
// where it is the only one. `part` is its place in the document.
std::optional<Edit> remove_part(const Command& command, Span part);

// As remove_argument() for several, told in order.
std::vector<Edit> remove_arguments(const Command& command, const std::vector<std::size_t>& gone);

// Adds an argument, a bare word, behind that of the index `behind`.
Edit add_argument(const Command& command, std::size_t behind, std::string_view argument);

// Adds arguments, bare words, right behind the name of the program.
Edit insert_arguments(const Command& command, std::initializer_list<std::string_view> arguments);

// Puts `text` in place of a package of a call and its version; none where the words of several come out of
// one variable.
std::optional<Edit> replace_package(const Command& command, const shell::Package& package,
                                    std::string_view text);

// Takes packages (indexes in `call.packages`, told in order) out of a call; the whole command where none
// is left. None as well where replace_package() has none.
std::optional<std::vector<Edit>> remove_packages(const Command& command,
                                                 const shell::PackageCall& call,
                                                 const std::vector<std::size_t>& gone);

// Makes one RUN of two that follow one another in a stage, with nothing but comments between them. What
// the first leaves in its shell, such as another folder, then reaches the second.
std::optional<Edit> join(const Run& first, const Run& second);

// Makes sure that the builder knows what version 1.`minor` of the Dockerfile syntax brought: adds an edit for
// `# syntax=docker/dockerfile:1` on top, or for that in place of an older version, where one is needed. False
// where it cannot be made sure of: an older version is asked for by its digest, or another frontend.
[[nodiscard]] bool require_syntax(const Document& document, unsigned minor,
                                  std::vector<Edit>& edits);

// A new file, from the folder of the document.
Edit create_file(std::string path, std::string text);

}  // namespace bulkhead
