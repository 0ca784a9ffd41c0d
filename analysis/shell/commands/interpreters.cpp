#include "analysis/shell/commands/interpreters.h"

#include <algorithm>
#include <string>
#include <vector>

namespace bulkhead::shell {
namespace {

using Arguments = std::span<const Argument>;
using Call = InterpreterCall;
using Language = Call::Language;
using Source = Call::Source;

// sh(1), bash(1): [-+letters] [-+o name] [--long] -c text | -s | file
std::optional<Call> of_shell(Arguments arguments) {
  Call call;
  bool is_text = false;
  bool is_input = false;
  std::size_t at = 0;
  for (; at < arguments.size() && arguments[at]; ++at) {
    const std::string& word = *arguments[at];
    if (word == "-" || word == "--") {
      ++at;
      break;
    }
    if (word.starts_with("--")) {
      if (word == "--help" || word == "--version") return std::nullopt;
      if (word == "--rcfile" || word == "--init-file") ++at;
      continue;
    }
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) break;
    const bool on = word[0] == '-';
    for (const char letter : word.substr(1)) {
      if (letter == 'c') is_text = true;
      if (letter == 's') is_input = true;
      if (letter == 'e') call.errexit = on;
      // Their names follow, in order.
      if (letter != 'o' && letter != 'O') continue;
      if (++at >= arguments.size() || !arguments[at]) return std::nullopt;
      if (arguments[at] == "pipefail") call.pipefail = on;
      if (arguments[at] == "errexit") call.errexit = on;
    }
  }
  if (is_text) {
    if (at >= arguments.size()) return std::nullopt;
    call.source = Source::text;
    call.argument = at;
  } else if (!is_input && at < arguments.size()) {
    call.source = Source::file;
    call.argument = at;
  }
  return call;
}

// su(1): [options] [-] [user] [-c text]
std::optional<Call> of_su(Arguments arguments) {
  constexpr Option known[] = {{"command", 'c', true},
                              {"session-command", 0, true},
                              {"shell", 's', true},
                              {"group", 'g', true},
                              {"supp-group", 'G', true},
                              {"whitelist-environment", 'w', true},
                              {"login", 'l'},
                              {"preserve-environment", 'p'},
                              {"preserve-environment", 'm'},
                              {"fast", 'f'},
                              {"pty", 'P'}};
  const CommandLine line = read_options(arguments, known);
  Call call;
  call.changes_user = true;
  call.user = "root";
  for (const std::size_t operand : line.operands) {
    if (arguments[operand] == "-") continue;
    call.user = arguments[operand];
    break;
  }
  if (line.has("shell") && !is_posix_shell(line.value("shell").value_or(""))) return std::nullopt;
  const GivenOption* text = line.find("command");
  if (text == nullptr) text = line.find("session-command");
  if (text != nullptr) {
    call.source = Source::text;
    call.argument = text->argument;
    call.offset = text->offset;
  }
  return call;
}

// The command line of the others: options, then the program, then what it is given.
struct Syntax {
  Language language;
  WordList programs;      // between blanks; also with a version behind the name
  std::string_view text;  // letters that the program's text follows
  WordList long_text;
  std::string_view module;  // a letter that the name of a module follows
  std::string_view values;  // letters that take a value
  WordList long_values;
  WordList looks;  // options that run nothing, between blanks
};
constexpr Syntax languages[] = {
    {Language::python, "python pypy", "c", "", "m", "WX", "check-hash-based-pycs",
     "-V --version -h --help"},
    {Language::javascript, "node nodejs deno bun", "ep", "eval print", "", "rC",
     "require import loader conditions", "-v --version -h --help"},
    {Language::perl, "perl", "eE", "", "", "Iix0dDFlMmC", "", "-v --version -V -h --help"},
    {Language::ruby, "ruby jruby", "e", "", "", "rICEKWx", "encoding", "-v --version -h --help"},
    {Language::php, "php", "r", "", "", "dczBRFES", "define", "-v --version -m -i -h --help --ini"},
    {Language::lua, "lua luajit", "e", "", "", "l", "", "-v"},
    {Language::powershell, "pwsh powershell powershell.exe pwsh.exe", "", "", "", "", "", "-Help"},
};

const Syntax* find_syntax(std::string_view program) {
  const std::string_view name = program.substr(0, program.find_last_not_of("0123456789.") + 1);
  const auto found = std::ranges::find_if(languages, [&](const Syntax& syntax) {
    return is_listed(program, syntax.programs) ||
           (name.size() < program.size() && is_listed(name, syntax.programs));
  });
  return found == std::end(languages) ? nullptr : found;
}

std::optional<Call> of_language(const Syntax& syntax, Arguments arguments) {
  Call call{.language = syntax.language};
  const auto at_argument = [&](Source source, std::size_t argument, std::size_t offset) {
    call.source = source;
    call.argument = argument;
    call.offset = offset;
    return argument < arguments.size() ? std::optional(call) : std::nullopt;
  };
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    if (!arguments[at]) return at_argument(Source::file, at, 0);
    const std::string_view word = *arguments[at];
    if (is_listed(word, syntax.looks)) return std::nullopt;
    if (word == "-") return call;
    if (word == "--") continue;
    if (!word.starts_with('-')) return at_argument(Source::file, at, 0);
    if (word.starts_with("--")) {
      const std::string_view name = word.substr(2, word.find('=') - 2);
      const bool has_value = name.size() + 2 < word.size();
      if (is_listed(name, syntax.long_text)) {
        return at_argument(Source::text, has_value ? at : at + 1, has_value ? name.size() + 3 : 0);
      }
      if (!has_value && is_listed(name, syntax.long_values)) ++at;
      continue;
    }
    for (std::size_t i = 1; i < word.size(); ++i) {
      const bool is_last = i + 1 == word.size();
      if (syntax.text.find(word[i]) != word.npos)
        return at_argument(Source::text, is_last ? at + 1 : at, is_last ? 0 : i + 1);
      if (syntax.module.find(word[i]) != word.npos)
        return at_argument(Source::module, is_last ? at + 1 : at, is_last ? 0 : i + 1);
      if (syntax.values.find(word[i]) == word.npos) continue;
      // Perl's -i, -0, -l and such take one only in the same word.
      if (is_last && syntax.language != Language::perl) ++at;
      break;
    }
  }
  return call;
}

// powershell: -Command text, -File name, -EncodedCommand text; a bare word is a command
std::optional<Call> of_powershell(Arguments arguments) {
  Call call{.language = Language::powershell};
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    std::string word = arguments[at].value_or("");
    std::ranges::transform(word, word.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const bool is_file = word == "-file" || word == "-f";
    const bool is_option = word.starts_with('-');
    const bool is_text = word == "-command" || word == "-c" || word.starts_with("-enc");
    if (is_option && !is_file && !is_text) {
      if (word == "-executionpolicy" || word == "-ep" || word == "-version") ++at;
      continue;
    }
    call.source = is_file ? Source::file : Source::text;
    call.argument = is_option ? at + 1 : at;
    if (call.argument >= arguments.size()) return std::nullopt;
    return call;
  }
  return call;
}

}  // namespace

std::optional<InterpreterCall> interpreter_call(std::string_view program,
                                                std::span<const Argument> arguments) {
  if (is_posix_shell(program)) return of_shell(arguments);
  if (program == "su" || program == "runuser") return of_su(arguments);
  if (program == "eval") {
    // Several words are joined, which no place in the file corresponds to.
    if (arguments.size() != 1) return std::nullopt;
    return Call{.source = Source::text, .own_process = false};
  }
  if (program == "." || program == "source") {
    if (arguments.empty()) return std::nullopt;
    return Call{.source = Source::file, .own_process = false};
  }
  const Syntax* syntax = find_syntax(program);
  if (syntax == nullptr) return std::nullopt;
  // They have subcommands: `bun install`.
  const bool has_subcommands = program == "bun" || program == "deno";
  if (has_subcommands && (arguments.empty() || !arguments[0] || !arguments[0]->starts_with('-')))
    return std::nullopt;
  if (syntax->language == Language::powershell) return of_powershell(arguments);
  return of_language(*syntax, arguments);
}

bool is_posix_shell(std::string_view program) {
  constexpr std::string_view shells[] = {"sh", "bash", "ash", "dash", "ksh", "mksh", "zsh"};
  return std::ranges::find(shells, program.substr(program.rfind('/') + 1)) != std::end(shells);
}

}  // namespace bulkhead::shell
