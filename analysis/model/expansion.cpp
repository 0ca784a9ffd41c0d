#include "analysis/model/expansion.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace bulkhead {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Whether `pattern` with `*` and `?` matches all of `text`; a backslash takes the next character as
// it is.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
      continue;
    }
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
    if (p < pattern.size() &&
        ((pattern[p] == '?' && !escaped) || pattern[p + (escaped ? 1 : 0)] == text[t])) {
      p += escaped ? 2 : 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string without_prefix(std::string_view text, std::string_view pattern, bool longest) {
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const std::size_t size = longest ? text.size() - i : i;
    if (matches(pattern, text.substr(0, size))) return std::string(text.substr(size));
  }
  return std::string(text);
}

std::string without_suffix(std::string_view text, std::string_view pattern, bool longest) {
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const std::size_t size = longest ? i : text.size() - i;
    if (matches(pattern, text.substr(size))) return std::string(text.substr(0, size));
  }
  return std::string(text);
}

std::string with_replacement(std::string_view text, std::string_view operand, bool all) {
  const std::size_t slash = operand.find('/');
  const std::string_view pattern = operand.substr(0, slash);
  const std::string_view replacement =
      slash == std::string_view::npos ? "" : operand.substr(slash + 1);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = text.size() - at;
    while (size > 0 && !matches(pattern, text.substr(at, size))) --size;
    if (size == 0) {
      out += text[at++];
      continue;
    }
    out += replacement;
    at += size;
    if (!all) return out.append(text.substr(at));
  }
  return out;
}

// The patterns above cost the square of the length; nobody's image name is longer than this.
constexpr std::size_t pattern_limit = 1024;

// Longer ones first, for the first that fits is taken.
constexpr std::array<std::string_view, 12> operators = {":-", ":+", ":?", "##", "%%", "//",
                                                        "-",  "+",  "?",  "#",  "%",  "/"};

class Expander {
 public:
  Expander(std::string_view text, char escape, const Lookup& lookup)
      : text_(text), escape_(escape), lookup_(lookup) {}

  Value run() {
    while (at_ < text_.size()) piece(value_);
    return std::move(value_);
  }

 private:
  char here() const { return text_[at_]; }
  bool ends() const { return at_ >= text_.size(); }

  void piece(Value& out) {
    const char c = here();
    if (c == '\'') {
      single_quoted(out);
    } else if (c == '"') {
      double_quoted(out);
    } else if (c == '$') {
      variable(out);
    } else {
      if (c == escape_ && at_ + 1 < text_.size()) ++at_;
      out.text += text_[at_++];
    }
  }

  void single_quoted(Value& out) {
    const std::size_t close = std::min(text_.find('\'', at_ + 1), text_.size());
    out.text += text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
  }

  void double_quoted(Value& out) {
    for (++at_; !ends() && here() != '"';) {
      if (here() == '$') {
        variable(out);
        continue;
      }
      const bool escapes = here() == escape_ && at_ + 1 < text_.size();
      const char next = escapes ? text_[at_ + 1] : '\0';
      if (escapes && (next == '"' || next == '$' || next == escape_)) ++at_;
      out.text += text_[at_++];
    }
    ++at_;
  }

  void variable(Value& out) {
    const std::size_t begin = at_++;
    const bool braces = !ends() && here() == '{';
    if (braces) ++at_;
    const std::string_view name =
        text_.substr(at_, variable_name_size(text_.substr(std::min(at_, text_.size()))));
    at_ += name.size();
    if (name.empty()) {
      out.text += text_.substr(begin, at_ - begin);
      return;
    }
    out.variables.emplace_back(name);
    std::string_view op;
    Value operand;
    if (braces) {
      for (const std::string_view candidate : operators) {
        if (text_.substr(std::min(at_, text_.size())).starts_with(candidate)) {
          op = candidate;
          break;
        }
      }
      at_ += op.size();
      // Deeper nesting than anyone writes would only serve to exhaust the stack.
      if (++depth_ > 64) at_ = text_.size();
      while (!ends() && here() != '}') piece(operand);
      --depth_;
      ++at_;
      std::ranges::copy(operand.variables, std::back_inserter(out.variables));
    }
    const std::size_t end = std::min(at_, text_.size());
    const Value result =
        apply_operation(name, lookup_(name), op, operand, text_.substr(begin, end - begin));
    out.text += result.text;
    out.known = out.known && result.known;
  }

  std::string_view text_;
  char escape_;
  const Lookup& lookup_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Value value_;
};

}  // namespace

std::size_t variable_name_size(std::string_view text) {
  if (text.empty()) return 0;
  if (is_name_start(text[0])) {
    return static_cast<std::size_t>(
        std::ranges::find_if(text, [](char c) { return !is_name_start(c) && !is_digit(c); }) -
        text.begin());
  }
  if (is_digit(text[0])) {
    return static_cast<std::size_t>(
        std::ranges::find_if(text, [](char c) { return !is_digit(c); }) - text.begin());
  }
  return std::string_view("@*#?-$!").find(text[0]) != std::string_view::npos ? 1 : 0;
}

Value apply_operation(std::string_view name, const std::optional<Value>& value, std::string_view op,
                      const Value& operand, std::string_view written) {
  const Value unknown{
      op.empty() ? "${" + std::string(name) + "}" : std::string(written), false, {}};
  const bool colon = op.starts_with(':');
  const char kind = op.empty() ? '\0' : op[colon ? 1 : 0];
  if (kind == '-' || kind == '+') {
    const bool given = value && value->known;
    const bool set = given && !(colon && value->text.empty());
    // Where nothing gives it a value, the default is what the author meant to be used.
    if (kind == '-') return set ? Value{value->text, true, {}} : operand;
    return given ? (set ? operand : Value{}) : unknown;
  }
  if (!value || !value->known) return unknown;
  if (op.empty() || kind == '?') return {value->text, true, {}};
  if (!operand.known || value->text.size() > pattern_limit) return unknown;
  const bool twice = op.size() == 2;
  switch (kind) {
    case '#':
      return {without_prefix(value->text, operand.text, twice), true, {}};
    case '%':
      return {without_suffix(value->text, operand.text, twice), true, {}};
    case '/':
      return {with_replacement(value->text, operand.text, twice), true, {}};
    default:
      return unknown;
  }
}

Value expand(std::string_view text, char escape, const Lookup& lookup) {
  return Expander(text, escape, lookup).run();
}

}  // namespace bulkhead
