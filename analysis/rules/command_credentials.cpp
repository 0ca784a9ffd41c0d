#include "analysis/rules/command_credentials.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "analysis/facts/registries.h"
#include "analysis/model/rewrite.h"
#include "analysis/shell/commands/downloads.h"
#include "analysis/text/ascii.h"
#include "analysis/text/path.h"

namespace bulkhead::rules {
namespace {

using Form = CommandCredential::Form;

// Calls `use` with each of `words`, which stand between blanks, until it returns true.
template <class Use>
bool any_word(std::string_view words, Use use) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (use(words.substr(0, end))) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

// Where a value stands: the argument, and its first byte in there.
struct Place {
  std::size_t argument = 0;
  std::size_t offset = 0;
};

// The rows of the table that are about a program.
using Rows = std::vector<const facts::CredentialArgument*>;

// Most commands are of no program in the table: those that are named in full are found at once.
struct Programs {
  Programs() {
    for (const facts::CredentialArgument& row : facts::credential_arguments()) {
      if (row.options.ends_with('=')) continue;
      any_word(row.programs, [&](std::string_view name) {
        Rows& rows = is_pattern(name) ? by_glob : by_name[name];
        if (rows.empty() || rows.back() != &row) rows.push_back(&row);
        return false;
      });
    }
  }

  // In the order of the table.
  Rows rows_of(std::string_view program) const {
    const auto named = by_name.find(program);
    Rows rows = named == by_name.end() ? Rows() : named->second;
    for (const facts::CredentialArgument* row : by_glob) {
      if (facts::matches_any_glob(row->programs, program)) rows.push_back(row);
    }
    std::ranges::sort(rows);  // they are neighbours in memory
    const auto [first, last] = std::ranges::unique(rows);
    rows.erase(first, last);
    return rows;
  }

  std::unordered_map<std::string_view, Rows> by_name;
  Rows by_glob;
};

class Reader {
 public:
  explicit Reader(const Command& command) : command_(command), name_(command.name()) {}

  std::vector<CommandCredential> read() {
    of_environment();
    if (name_.empty()) return std::move(found_);
    of_downloads();
    static const Programs programs;
    const Rows rows = programs.rows_of(name_);
    if (rows.empty()) return std::move(found_);
    arguments_ = command_.arguments();
    for (const ShellWord& word : arguments_) texts_.push_back(word.value().text);
    for (const facts::CredentialArgument* row : rows) of_row(*row);
    return std::move(found_);
  }

 private:
  void of_environment() {
    if (command_.data().words.empty()) return;
    for (const shell::Assignment& assignment : command_.data().assignments) {
      for (const facts::CredentialArgument& row : facts::credential_arguments()) {
        if (!row.options.ends_with('=')) continue;
        if (row.options.substr(0, row.options.size() - 1) != assignment.name) continue;
        add(row, ShellWord(command_.run(), assignment.value), 0, true, name_);
      }
    }
  }

  void of_downloads() {
    if (!shell::downloads(name_)) return;
    const auto& texts = command_.argument_texts();
    const auto download = shell::download(name_, texts);
    if (!download) return;
    const auto arguments = command_.arguments();
    using Kind = shell::Download::Credential::Kind;
    for (const auto& credential : download->credentials) {
      if (credential.kind == Kind::cookie || name_ == "git") continue;
      const bool is_header = credential.kind == Kind::header;
      const bool is_pair = name_ == "curl" && !is_header;
      found_.push_back({.word = arguments[credential.argument],
                        .offset = credential.offset,
                        .own_word = has_own_word(command_, credential.argument),
                        .form = is_header ? Form::header
                                : is_pair ? Form::pair
                                          : Form::whole,
                        .call = name_,
                        .what = is_header ? "token" : "password",
                        .secret = is_header ? "http_token" : "http_password"});
    }
  }

  void of_row(const facts::CredentialArgument& row) {
    // The words of the subcommand, with options between them.
    std::size_t at = 0;
    Place behind;  // the value of a last word such as KEY=VALUE; without an offset there is none
    std::string call = name_;
    bool fits = true;
    any_word(row.subcommand, [&](std::string_view word) {
      behind = {};
      for (; at < texts_.size(); ++at) {
        if (texts_[at].starts_with('-')) continue;
        const std::size_t equals = texts_[at].find('=');
        const std::string_view key = std::string_view(texts_[at]).substr(0, equals);
        if (!facts::matches_glob(word, key)) continue;
        if (equals != std::string::npos) behind = Place{at, equals + 1};
        if (word.find('*') == std::string_view::npos) call += " " + texts_[at];
        ++at;
        return false;
      }
      fits = false;
      return true;
    });
    if (!fits) return;
    if (!row.options.empty()) {
      of_options(row, call);
      return;
    }
    if (behind.offset > 0) {
      add(row, behind, call);
      return;
    }
    unsigned left = row.operand;
    for (; at < texts_.size(); ++at) {
      if (texts_[at].starts_with('-')) continue;
      if (left-- > 0) continue;
      add(row, Place{at, 0}, call);
      return;
    }
  }

  void of_options(const facts::CredentialArgument& row, const std::string& call) {
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      const std::string_view text = texts_[i];
      if (!text.starts_with('-')) continue;
      const std::size_t equals = text.find('=');
      any_word(row.options, [&](std::string_view option) {
        const bool is_letter = option.size() == 2;
        const bool attached = row.form == Form::attached;
        if (text == option) {
          if (!attached && i + 1 < arguments_.size()) add(row, Place{i + 1, 0}, call);
          return true;
        }
        if (is_letter && text.starts_with(option)) {
          add(row, Place{i, option.size() + (text[2] == '=' ? 1 : 0)}, call);
          return true;
        }
        if (is_letter || equals == std::string_view::npos ||
            !facts::matches_glob(option, text.substr(0, equals)))
          return false;
        add(row, Place{i, equals + 1}, call);
        return true;
      });
    }
  }

  void add(const facts::CredentialArgument& row, Place place, const std::string& call) {
    add(row, arguments_[place.argument], place.offset, has_own_word(command_, place.argument),
        call);
  }
  void add(const facts::CredentialArgument& row, const ShellWord& word, std::size_t offset,
           bool own_word, const std::string& call) {
    const bool is_told = std::ranges::any_of(
        found_, [&](const CommandCredential& each) { return each.word.span() == word.span(); });
    if (is_told) return;
    found_.push_back({.word = word,
                      .offset = offset,
                      .own_word = own_word,
                      .form = row.form,
                      .call = call,
                      .what = row.what,
                      .secret = row.secret,
                      .keeps = row.keeps,
                      .known = row.known});
  }

  const Command& command_;
  std::string name_;
  std::vector<ShellWord> arguments_;
  std::vector<std::string> texts_;  // variables that are not known stand in them as ${NAME}
  std::vector<CommandCredential> found_;
};

}  // namespace

std::optional<std::string_view> CommandCredential::part(std::string_view text) const {
  text.remove_prefix(std::min(offset, text.size()));
  switch (form) {
    case Form::whole:
    case Form::attached:
      break;
    case Form::pair:
    case Form::percent: {
      const std::size_t mark = text.find(form == Form::pair ? ':' : '%');
      if (mark == std::string_view::npos) return std::nullopt;
      text.remove_prefix(mark + 1);
      break;
    }
    case Form::header: {
      const std::size_t colon = text.find(':');
      if (colon != std::string_view::npos) {
        if (lower_case(text.substr(0, colon)).find("cookie") != std::string::npos)
          return std::nullopt;
        text = trimmed(text.substr(colon + 1));
      }
      const std::size_t blank = text.rfind(' ');
      if (blank != std::string_view::npos) text.remove_prefix(blank + 1);
      break;
    }
    case Form::prefixed:
      if (!text.starts_with("pass:")) return std::nullopt;
      text.remove_prefix(5);
      break;
  }
  return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<CommandCredential> credentials_of(const Command& command) {
  return Reader(command).read();
}

}  // namespace bulkhead::rules
