#include "analysis/shell/heredocs.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/text/ascii.h"

namespace bulkhead::shell {
namespace {

// Goes through a text by the shell's rules for quotes, just closely enough to tell an operator from a
// text that looks like one. Source: POSIX, "Shell Command Language", 2.2, 2.3 and 2.7.4.
class HeredocReader {
 public:
  HeredocReader(const SourceText& source, Start start)
      : source_(source),
        text_(source.text()),
        modes_{start == Start::script ? Mode::bare : Mode::body} {}

  WithoutHeredocs read() {
    while (at_ < text_.size()) step();
    keep_until(source_.size());
    return std::move(result_);
  }

 private:
  enum class Mode : std::uint8_t {
    bare,        // outside of quotes, at the top
    body,        // of a heredoc: quotes are text
    quoted,      // "..."
    group,       // (...) and $(...)
    backquoted,  // `...`
    parameter,   // ${...}
    arithmetic,  // $((...)), ((...)) and parentheses in them
  };

  void step() {
    const char c = text_[at_];
    const Mode mode = modes_.back();
    const bool is_quoted = mode == Mode::quoted || mode == Mode::body;
    if (c == '\\') {
      at_ += 2;
    } else if (c == '$' && next() == '\'' && !is_quoted) {
      skip_ansi_c();
    } else if (c == '$' && next() == '{') {
      enter(Mode::parameter, 2);
    } else if (c == '$' && next() == '(') {
      const bool is_arithmetic = at_ + 2 < text_.size() && text_[at_ + 2] == '(';
      enter(is_arithmetic ? Mode::arithmetic : Mode::group, is_arithmetic ? 3 : 2);
    } else if (c == '`') {
      leave_or_enter_backquotes();
    } else if (c == '"' && mode != Mode::body) {
      mode == Mode::quoted ? leave(1) : enter(Mode::quoted, 1);
    } else if (is_quoted) {
      if (mode == Mode::body && (c == '"' || (c == '$' && !begins_expansion(next())))) add_plain();
      ++at_;
    } else if (mode == Mode::parameter) {
      if (c == '}') return leave(1);
      // In "${a:-'}" the quote is text.
      const bool is_outer_quoted = modes_.size() > 1 && modes_[modes_.size() - 2] == Mode::quoted;
      c == '\'' && !is_outer_quoted ? skip_raw() : skip(1);
    } else if (mode == Mode::arithmetic) {
      if (c == '(') return enter(Mode::arithmetic, 1);
      if (c != ')') return skip(1);
      // The outer ones have two.
      const bool is_inner = modes_.size() > 1 && modes_[modes_.size() - 2] == Mode::arithmetic;
      leave(is_inner || next() != ')' ? 1 : 2);
    } else {
      step_bare(c);
    }
  }

  void step_bare(char c) {
    if (c == '\'') {
      skip_raw();
    } else if (c == '(') {
      next() == '(' ? enter(Mode::arithmetic, 2) : enter(Mode::group, 1);
    } else if (c == ')' && modes_.back() == Mode::group) {
      leave(1);
    } else if (c == '#' && (at_ == 0 || is_separator(text_[at_ - 1]))) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '<' && text_.substr(at_, 3) == "<<<") {
      skip(3);
    } else if (c == '<' && next() == '<') {
      read_mark();
    } else if (c == '\n') {
      skip(1);
      read_bodies();
    } else {
      // With the characters that mean nothing here.
      constexpr CharacterSet special("\\$`\"'()#<\n");
      at_ = std::min(special.find_in(text_, at_ + 1), text_.size());
    }
  }

  static bool is_separator(char c) {
    return std::string_view(" \t\n;&|()<>`").find(c) != std::string_view::npos;
  }
  static bool begins_expansion(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_@*#?$!-").find(c) != std::string_view::npos;
  }
  char next() const { return at_ + 1 < text_.size() ? text_[at_ + 1] : '\0'; }
  void skip(std::size_t count) { at_ += count; }
  void enter(Mode mode, std::size_t count) {
    modes_.push_back(mode);
    at_ += count;
  }
  void leave(std::size_t count) {
    if (modes_.size() > 1) modes_.pop_back();
    at_ += count;
  }

  // Backquotes do not nest without a backslash: the next one ends all that is open since.
  void leave_or_enter_backquotes() {
    if (open_backquotes_ > 0) {
      while (modes_.back() != Mode::backquoted) modes_.pop_back();
      --open_backquotes_;
      return leave(1);
    }
    ++open_backquotes_;
    enter(Mode::backquoted, 1);
  }

  void skip_raw() { at_ = std::min(text_.find('\'', at_ + 1), text_.size() - 1) + 1; }
  void skip_ansi_c() {
    for (at_ += 2; at_ < text_.size() && text_[at_] != '\''; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  // `<<[-] MARK`; leaves `<` and the mark.
  void read_mark() {
    Heredoc heredoc;
    keep_until(at_ + 1);
    heredoc.at = result_.text.size() - 1;
    at_ += 2;
    if (at_ < text_.size() && text_[at_] == '-') {
      heredoc.strips_tabs = true;
      ++at_;
    }
    kept_ = static_cast<std::uint32_t>(at_);
    at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size());
    std::string mark;
    for (char quote = '\0'; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
        quote = quote == '\0' ? c : '\0';
        heredoc.expands = false;
      } else if (c == '\\' && quote != '\'' && at_ + 1 < text_.size()) {
        mark += text_[++at_];
        heredoc.expands = false;
      } else if (c == '\n' || (quote == '\0' && is_separator(c))) {
        break;
      } else {
        mark += c;
      }
    }
    open_.push_back({result_.heredocs.size(), std::move(mark)});
    result_.heredocs.push_back(heredoc);
  }

  // At the beginning of the line behind those that have marks.
  void read_bodies() {
    for (const auto& [index, mark] : std::exchange(open_, {})) {
      Heredoc& heredoc = result_.heredocs[index];
      const auto begin = static_cast<std::uint32_t>(std::min(at_, text_.size()));
      keep_until(begin);
      heredoc.body = {begin, source_.size()};
      bool is_closed = false;
      while (at_ < text_.size() && !is_closed) {
        const std::size_t line = at_;
        const std::size_t end = std::min(text_.find('\n', line), text_.size());
        std::string_view content = text_.substr(line, end - line);
        if (heredoc.strips_tabs) {
          content.remove_prefix(std::min(content.find_first_not_of('\t'), content.size()));
        }
        if (content.ends_with('\r')) content.remove_suffix(1);
        is_closed = content == mark;
        if (is_closed) heredoc.body.end = static_cast<std::uint32_t>(line);
        at_ = std::min(end + 1, text_.size());
      }
      kept_ = static_cast<std::uint32_t>(at_);
    }
  }

  void add_plain() {
    keep_until(at_);
    result_.plain.push_back(result_.text.size());
  }

  void keep_until(std::size_t end) {
    const auto to = static_cast<std::uint32_t>(std::min(end, text_.size()));
    if (kept_ < to) result_.text.append(source_, {kept_, to});
    kept_ = std::max(kept_, to);
  }

  struct Open {
    std::size_t index;  // in result_.heredocs
    std::string mark;   // without quotes
  };

  const SourceText& source_;
  std::string_view text_;
  std::vector<Mode> modes_;
  std::vector<Open> open_;  // of this line
  std::size_t at_ = 0;
  std::uint32_t kept_ = 0;  // up to here, the text is in the result or left out
  std::size_t open_backquotes_ = 0;
  WithoutHeredocs result_;
};

}  // namespace

WithoutHeredocs take_heredocs(const SourceText& text, Start start) {
  return HeredocReader(text, start).read();
}

}  // namespace bulkhead::shell
