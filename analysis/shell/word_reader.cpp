#include "analysis/shell/word_reader.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "analysis/shell/nodes.h"
#include "analysis/text/ascii.h"
#include "analysis/text/utf8.h"

namespace bulkhead::shell {
namespace {

// What has a meaning of its own, in each way of reading.
constexpr CharacterSet none("");
constexpr CharacterSet escapes("\\");
constexpr CharacterSet in_quotes("\"\\");
constexpr CharacterSet bare("\"$\\~*?[{");

// The digits of `text` from `at` on in `base`, `most` of them at most; moves `at` behind them.
std::optional<std::uint32_t> digits(std::string_view text, std::size_t& at, std::uint32_t base,
                                    std::size_t most) {
  std::uint32_t value = 0;
  const std::size_t begin = at;
  for (; at < text.size() && at - begin < most; ++at) {
    const char c = text[at];
    const std::uint32_t digit = is_digit(c)              ? static_cast<std::uint32_t>(c - '0')
                                : (c >= 'a' && c <= 'f') ? static_cast<std::uint32_t>(c - 'a' + 10)
                                : (c >= 'A' && c <= 'F') ? static_cast<std::uint32_t>(c - 'A' + 10)
                                                         : base;
    if (digit >= base) break;
    value = value * base + digit;
  }
  if (at == begin) return std::nullopt;
  return value;
}

// What stands between $' and ', escapes replaced as bash does.
std::string decode_ansi_c(std::string_view text) {
  constexpr std::string_view letters = "abeEfnrtv";
  constexpr std::string_view values = "\a\b\x1b\x1b\f\n\r\t\v";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c != '\\' || at == text.size()) {
      out.push_back(c);
      continue;
    }
    const char kind = text[at++];
    if (const std::size_t letter = letters.find(kind); letter != std::string_view::npos) {
      out.push_back(values[letter]);
    } else if (kind >= '0' && kind <= '7') {
      out.push_back(static_cast<char>(*digits(text, --at, 8, 3)));
    } else if (kind == 'x' || kind == 'u' || kind == 'U') {
      const auto value = digits(text, at, 16, kind == 'x' ? 2 : kind == 'u' ? 4 : 8);
      if (!value) {
        out.append({'\\', kind});
      } else if (kind == 'x') {
        out.push_back(static_cast<char>(*value));
      } else if (*value < 0x110000) {
        append_utf8(out, *value);
      }
    } else if (kind == 'c' && at < text.size()) {
      out.push_back(static_cast<char>(text[at++] & 0x1F));
    } else if (kind == '\\' || kind == '\'' || kind == '"' || kind == '?') {
      out.push_back(kind);
    } else {
      out.append({'\\', kind});
    }
  }
  return out;
}

// Makes pieces of the bytes between nested nodes, by the shell's rules for quotes.
class WordReader {
 public:
  WordReader(const SourceText& text, Span span, Reading reading, bool strips_tabs,
             SourceText* copy = nullptr)
      : text_(text.text().substr(0, span.end)),
        source_(text),
        reading_(reading),
        strips_tabs_(strips_tabs),
        at_(span.begin),
        copy_(copy) {
    word_.span = span;
  }

  Word read(const std::vector<syntax::Node>& nested) {
    for (const syntax::Node& node : nested) {
      const Span span = trimmed(text_, node);
      if (span.begin < at_ || span.end > text_.size()) continue;
      read_until(span.begin);
      add_nested(node, span);
      at_ = span.end;
    }
    read_until(word_.span.end);
    for (Piece& piece : word_.pieces) piece.span = source_.source(piece.span);
    word_.span = source_.source(word_.span);
    return std::move(word_);
  }

 private:
  bool is_quoted() const {
    return in_quotes_ || reading_ == Reading::heredoc || reading_ == Reading::verbatim;
  }

  // The characters up to `end`, where a nested node or nothing follows.
  void read_until(std::uint32_t end) {
    while (at_ < end) {
      if (strips_tabs_ && is_leading_tab()) {
        last_tab_ = at_++;
      } else if (reading_ == Reading::verbatim) {
        add_characters(end, none);
      } else if (reading_ == Reading::heredoc) {
        if (!escape(end, "$`\\")) add_characters(end, escapes);
      } else if (in_quotes_) {
        read_quoted(end);
      } else {
        read_bare(end);
      }
    }
  }

  bool is_leading_tab() const {
    return text_[at_] == '\t' &&
           (at_ == word_.span.begin || text_[at_ - 1] == '\n' || last_tab_ + 1 == at_);
  }

  void read_quoted(std::uint32_t end) {
    const char c = text_[at_];
    if (c == '"') {
      if (at_ == quote_ + 1) add({Piece::Kind::literal, "", {at_, at_}, true});
      in_quotes_ = false;
      ++at_;
    } else if (!escape(end, "$`\"\\")) {
      add_characters(end, in_quotes);
    }
  }

  void read_bare(std::uint32_t end) {
    const char c = text_[at_];
    const bool is_first = at_ == word_.span.begin;
    if (c == '"') {
      in_quotes_ = true;
      quote_ = at_++;
    } else if (c == '$' && at_ + 1 < end && text_[at_ + 1] == '"') {
      ++at_;  // $"..." is "..." in another language
    } else if (escape(end, {})) {
      return;
    } else if (c == '~' &&
               (is_first || (reading_ == Reading::assignment && text_[at_ - 1] == ':'))) {
      std::uint32_t to = at_ + 1;
      while (to < end && (is_name_character(text_[to]) || text_[to] == '-' || text_[to] == '.'))
        ++to;
      // It means a home only as a whole word or up to a slash.
      const bool ends =
          to == word_.span.end || (to < end && (text_[to] == '/' || text_[to] == ':'));
      ends ? add_glob(to) : add_character();
    } else if (reading_ == Reading::assignment) {
      add_character();
    } else if (c == '*' || c == '?') {
      add_glob(at_ + 1);
    } else if (c == '[' && at_ >= no_bracket_from_) {
      add_character();
    } else if (c == '[') {
      const std::size_t to = text_.substr(0, end).find(']', at_ + 1);
      if (to != std::string_view::npos) return add_glob(static_cast<std::uint32_t>(to) + 1);
      no_bracket_from_ = at_;
      add_character();
    } else if (c == '{') {
      const std::size_t to = text_.substr(0, end).find_first_of("{}", at_ + 1);
      const std::string_view inside =
          to == std::string_view::npos ? "" : text_.substr(at_ + 1, to - at_ - 1);
      const bool is_list = to != std::string_view::npos && text_[to] == '}' &&
                           (inside.find(',') != std::string_view::npos ||
                            inside.find("..") != std::string_view::npos);
      is_list ? add_glob(static_cast<std::uint32_t>(to) + 1) : add_character();
    } else {
      add_characters(end, bare);
    }
  }

  // At a backslash that takes the meaning of the next character away (one of `special`; any if that
  // is empty), adds that character, or nothing for a line end. Says no elsewhere.
  bool escape(std::uint32_t end, std::string_view special) {
    if (text_[at_] != '\\' || at_ + 1 >= end) return false;
    const char next = text_[at_ + 1];
    if (next != '\n' && !special.empty() && special.find(next) == std::string_view::npos)
      return false;
    const std::uint32_t begin = at_++;
    if (next == '\n') {
      ++at_;
      joined_ = at_;
    } else {
      add_text(Piece::Kind::literal, {begin, at_ + 1}, text_.substr(at_, 1));
    }
    return true;
  }

  void add_character() { add_characters(at_ + 1, none); }

  // The next character, and those behind it up to one of `special`, or to a tab that may be left out.
  void add_characters(std::uint32_t end, const CharacterSet& special) {
    const std::string_view rest = text_.substr(at_ + 1, end - at_ - 1);
    std::size_t size = std::min(special.find_in(rest), rest.size());
    if (strips_tabs_) size = std::min(size, rest.find('\t'));
    const Span span{at_, at_ + 1 + static_cast<std::uint32_t>(size)};
    add_text(Piece::Kind::literal, span, text_.substr(span.begin, span.size()));
  }

  void add_glob(std::uint32_t to) {
    add_text(Piece::Kind::glob, {at_, to}, text_.substr(at_, to - at_));
  }

  // Text that goes on where the last piece ended goes on in that piece.
  void add_text(Piece::Kind kind, Span span, std::string_view text) {
    at_ = span.end;
    if (copy_ != nullptr) {
      if (text.size() == span.size()) {
        copy_->append(source_, span);
      } else {  // an escape, which stays and goes as a whole
        copy_->append(text, source_.source(span));
      }
    }
    if (!word_.pieces.empty()) {
      Piece& last = word_.pieces.back();
      if (last.kind == kind && last.quoted == is_quoted() &&
          (last.span.end == span.begin || joined_ == span.begin || last_tab_ + 1 == span.begin)) {
        last.text += text;
        last.span.end = span.end;
        return;
      }
    }
    add({kind, std::string(text), span, is_quoted()});
  }

  void add(Piece piece) { word_.pieces.push_back(std::move(piece)); }

  void add_nested(const syntax::Node& node, Span span) {
    const Nodes& n = nodes();
    const syntax::Symbol kind = node.symbol();
    const std::string_view written = text_.substr(span.begin, span.size());
    if (kind == n.raw_string && span.size() >= 2) {
      const Span inside{span.begin + 1, span.end - 1};
      if (copy_ != nullptr) copy_->append(source_, inside);
      add({Piece::Kind::literal, std::string(written.substr(1, inside.size())), inside, true});
    } else if (kind == n.ansi_c_string && span.size() >= 3) {
      const Span inside{span.begin + 2, span.end - 1};
      add({Piece::Kind::literal, decode_ansi_c(written.substr(2, inside.size())), inside, true});
      if (copy_ != nullptr) copy_->append(word_.pieces.back().text, source_.source(inside));
    } else if (kind == n.brace_expression) {
      if (copy_ != nullptr) copy_->append(source_, span);
      add({Piece::Kind::glob, std::string(written), span, false});
    } else {
      if (copy_ != nullptr) copy_->append(source_, span);
      const bool is_expansion = kind == n.simple_expansion || kind == n.expansion;
      Variable variable = is_expansion ? read_variable(written) : Variable{};
      if (variable.name.empty() || variable.is_derived) {
        add({Piece::Kind::substitution, std::string(written), span, is_quoted()});
      } else {
        add({Piece::Kind::variable, std::move(variable.name), span, is_quoted(),
             std::move(variable.operation)});
      }
    }
  }

  std::string_view text_;  // up to the end of the word
  const SourceText& source_;
  Reading reading_;
  bool strips_tabs_;
  std::uint32_t at_;
  Word word_;
  SourceText* copy_;
  bool in_quotes_ = false;
  std::uint32_t quote_ = 0;                     // where the last double quote opened
  std::uint32_t joined_ = UINT32_MAX;           // behind the last backslash and line end
  std::uint32_t last_tab_ = UINT32_MAX - 1;     // the last one that was left out
  std::uint32_t no_bracket_from_ = UINT32_MAX;  // from here on, no ']' follows
};

}  // namespace

Span trimmed(std::string_view text, const syntax::Node& node) {
  Span span = node.span();
  while (span.begin < span.end && is_space(text[span.begin])) ++span.begin;
  return span;
}

Word read_word(const SourceText& text, Span span, const std::vector<syntax::Node>& nested,
               Reading reading, bool strips_tabs) {
  return WordReader(text, span, reading, strips_tabs).read(nested);
}

std::optional<SourceText> text_of_word(const SourceText& text, Span span,
                                       const std::vector<syntax::Node>& nested, Reading reading,
                                       bool strips_tabs) {
  SourceText copy;
  const Word word = WordReader(text, span, reading, strips_tabs, &copy).read(nested);
  const bool is_whole = std::ranges::none_of(
      word.pieces, [](const Piece& piece) { return piece.kind == Piece::Kind::substitution; });
  return is_whole ? std::optional(std::move(copy)) : std::nullopt;
}

void nested_in(const syntax::Node& node, std::vector<syntax::Node>& nested) {
  const Nodes& n = nodes();
  const auto is_open = [&](syntax::Symbol kind) {
    return kind == n.concatenation || kind == n.string || kind == n.translated_string ||
           kind == n.variable_assignment || kind == n.subscript || kind == n.command_name;
  };
  const auto is_nested = [&](syntax::Symbol kind) {
    return kind == n.raw_string || kind == n.ansi_c_string || kind == n.simple_expansion ||
           kind == n.expansion || kind == n.command_substitution ||
           kind == n.process_substitution || kind == n.arithmetic_expansion ||
           kind == n.brace_expression || kind == n.array;
  };
  syntax::walk(node, [&](const syntax::Node& part) {
    if (is_nested(part.symbol())) nested.push_back(part);
    return is_open(part.symbol());
  });
}

Variable read_variable(std::string_view text) {
  if (text.size() < 2) return {};
  if (text[1] != '{') return {std::string(text.substr(1)), {}};
  std::string_view inside = text.substr(2);
  if (inside.ends_with('}')) inside.remove_suffix(1);

  // ${#name} is a length and ${!name} is indirect; ${#} and ${!} are variables themselves.
  Variable variable;
  if (inside.size() > 1 && (inside[0] == '#' || inside[0] == '!') &&
      (is_name_character(inside[1]) || inside[1] == '@' || inside[1] == '*')) {
    variable.is_derived = true;
    inside.remove_prefix(1);
  }
  const auto end = !inside.empty() && is_name_start(inside[0])
                       ? std::ranges::find_if_not(inside, is_name_character)
                   : !inside.empty() && is_digit(inside[0])
                       ? std::ranges::find_if_not(inside, is_digit)
                       : inside.begin() + !inside.empty();
  const auto size = static_cast<std::size_t>(end - inside.begin());
  variable.name = inside.substr(0, size);
  // One in the other, thousands would be kept each with all those that it holds.
  constexpr std::size_t longest = 512;
  variable.operation = inside.substr(size, longest);
  variable.is_derived = variable.is_derived || inside.size() - size > longest;
  return variable;
}

}  // namespace bulkhead::shell
