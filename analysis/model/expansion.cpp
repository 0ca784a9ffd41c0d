#include "analysis/model/expansion.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/text/ascii.h"
#include "analysis/text/utf8.h"

namespace bulkhead {
namespace {

// Names may have any letters. Of those beyond ASCII the blocks of punctuation, symbols and pictures
// are left out, which is nearly what Unicode says.
constexpr bool begins_name(char32_t c) {
  if (c < 0x80) return is_name_start(static_cast<char>(c));
  return c >= 0xC0 && c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c < 0x2C00) &&
         !(c >= 0x3000 && c < 0x3040) && !(c >= 0xD800 && c < 0xF900) &&
         !(c >= 0xFE00 && c < 0xFE70) && !(c >= 0xFF00 && c < 0xFF21) && c < 0x1F000;
}

// ---- Patterns: `*` and `?` count characters, so they are matched by code points.

using Characters = std::u32string;

// Bytes that are not UTF-8 become characters of their own, above all that Unicode has.
constexpr char32_t stray_byte = 0x110000;

// The character at the start of `text`, which is not empty, and its bytes.
std::pair<char32_t, std::size_t> first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead < 0xC0 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (size == 0 || size > text.size()) return {stray_byte + lead, 1};
  char32_t point = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {stray_byte + lead, 1};
    point = point << 6 | (next & 0x3F);
  }
  return {point, size};
}

Characters characters(std::string_view text) {
  Characters out;
  while (!text.empty()) {
    const auto [character, size] = first_character(text);
    out += character;
    text.remove_prefix(size);
  }
  return out;
}

std::string bytes(const Characters& text) {
  std::string out;
  for (const char32_t point : text) {
    if (point >= stray_byte) {
      out += static_cast<char>(point - stray_byte);
    } else {
      append_utf8(out, point);
    }
  }
  return out;
}

struct PatternItem {
  enum class Kind : std::uint8_t { character, any, many };
  Kind kind = Kind::character;
  char32_t character = 0;
};
using Pattern = std::vector<PatternItem>;

// None for an escape that patterns do not have.
std::optional<Pattern> read_pattern(const Characters& text) {
  Pattern pattern;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == U'*') {
      pattern.push_back({PatternItem::Kind::many});
    } else if (text[i] == U'?') {
      pattern.push_back({PatternItem::Kind::any});
    } else if (text[i] == U'\\') {
      const char32_t next = i + 1 < text.size() ? text[i + 1] : 0;
      if (next == U'}' || next == U'/') continue;
      if (next != U'*' && next != U'?' && next != U'\\') return std::nullopt;
      pattern.push_back({PatternItem::Kind::character, next});
      ++i;
    } else {
      pattern.push_back({PatternItem::Kind::character, text[i]});
    }
  }
  return pattern;
}

// How many characters of `text`, from `begin` on, the pattern matches: as many as it can, or as few;
// none if it does not match there.
std::optional<std::size_t> match(const Pattern& pattern, const Characters& text, std::size_t begin,
                                 bool longest) {
  // states[p]: the first p items may have matched what was read so far.
  std::vector<bool> states(pattern.size() + 1, false), next;
  const auto skip_stars = [&](std::vector<bool>& set) {
    for (std::size_t p = 0; p < pattern.size(); ++p) {
      if (set[p] && pattern[p].kind == PatternItem::Kind::many) set[p + 1] = true;
    }
  };
  states[0] = true;
  skip_stars(states);
  std::optional<std::size_t> size;
  for (std::size_t at = begin;; ++at) {
    if (states[pattern.size()]) {
      size = at - begin;
      if (!longest) return size;
    }
    if (at == text.size()) return size;
    next.assign(pattern.size() + 1, false);
    bool alive = false;
    for (std::size_t p = 0; p < pattern.size(); ++p) {
      if (!states[p]) continue;
      const PatternItem& item = pattern[p];
      if (item.kind == PatternItem::Kind::character) {
        if (item.character == text[at]) alive = next[p + 1] = true;
      } else if (text[at] != U'\n') {
        alive = next[p + (item.kind == PatternItem::Kind::any ? 1 : 0)] = true;
      }
    }
    if (!alive) return size;
    skip_stars(next);
    states.swap(next);
  }
}

// The last character first; an escape stays in front of what it escapes.
Characters reversed(const Characters& pattern) {
  Characters out(pattern.rbegin(), pattern.rend());
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] != U'\\') continue;
    const std::size_t at = pattern.size() - 2 - i;
    std::swap(out[at], out[at + 1]);
    ++i;
  }
  return out;
}

// Of a replacement for all matches the reference reads $1, ${name} and $$ as those of its regular
// expressions, which have no groups here.
std::string without_groups(std::string_view replacement) {
  std::string out;
  for (std::size_t at = 0; at < replacement.size();) {
    if (replacement[at] != '$') {
      out += replacement[at++];
      continue;
    }
    const std::string_view rest = replacement.substr(at + 1);
    const bool braces = rest.starts_with('{');
    std::size_t end = braces ? 1 : 0;
    const std::size_t begin = end;
    while (end < rest.size() && is_name_character(rest[end])) ++end;
    const bool is_group = end > begin && (!braces || (end < rest.size() && rest[end] == '}'));
    if (rest.starts_with('$')) {
      out += '$';
      at += 2;
    } else if (is_group) {
      at += 1 + end + (braces ? 1 : 0);
    } else {
      out += '$';
      ++at;
    }
  }
  return out;
}

// A pattern is tried at each character. Nobody's image name is longer than this.
constexpr std::size_t pattern_limit = 1024;
constexpr std::size_t work_limit = 4'000'000;

// What `value` becomes by the operator '#', '%' or '/'; none where it would take too long to tell.
struct Changed {
  std::optional<std::string> text;
  bool faulty = false;
};

Changed trimmed(const std::string& value, std::string_view operand, bool at_end, bool longest) {
  if (value.size() > pattern_limit || operand.size() > pattern_limit) return {};
  Characters text = characters(value);
  Characters written = characters(operand);
  if (at_end) {
    std::ranges::reverse(text);
    written = reversed(written);
  }
  const auto pattern = read_pattern(written);
  if (!pattern) return {std::nullopt, true};
  if (const auto size = match(*pattern, text, 0, longest)) text.erase(0, *size);
  if (at_end) std::ranges::reverse(text);
  return {bytes(text)};
}

Changed substituted(const std::string& value, std::string_view operand,
                    std::string_view replacement, bool all) {
  const auto pattern = read_pattern(characters(operand));
  if (!pattern) return {std::nullopt, true};
  const Characters text = characters(value);
  if (text.size() * text.size() * (pattern->size() + 1) > work_limit) return {};
  const Characters by = characters(all ? without_groups(replacement) : std::string(replacement));
  Characters out;
  bool is_done = false;
  bool behind_match = false;  // an empty match right behind another one is none
  for (std::size_t at = 0; at <= text.size();) {
    const auto size = is_done ? std::nullopt : match(*pattern, text, at, true);
    const bool matched = size && !(*size == 0 && behind_match);
    if (matched) {
      out += by;
      is_done = !all;
      at += *size;
      behind_match = *size > 0;
      if (*size > 0) continue;
    }
    if (at < text.size()) out += text[at];
    behind_match = false;
    ++at;
  }
  return {bytes(out)};
}

// How a part of a text is read.
struct Reading {
  char stop = '\0';            // up to this character; '\0': to the end
  bool keeps_escapes = false;  // in the operand of a pattern operator
  bool is_pattern = false;     // what is quoted is escaped, for the pattern is read once more
};

class Expander {
 public:
  Expander(std::string_view text, char escape, const Lookup& lookup)
      : text_(text), escape_(escape), lookup_(lookup) {}

  Value run() {
    read({}, value_);
    return std::move(value_);
  }
  const std::optional<ExpansionFault>& fault() const { return fault_; }

 private:
  using Fault = ExpansionFault::Kind;

  bool ends() const { return at_ >= text_.size(); }
  char here() const { return ends() ? '\0' : text_[at_]; }
  void refuse(Fault kind, std::size_t offset) {
    if (!fault_) fault_ = {kind, offset};
  }

  // Whether it found the character to stop at, which it takes.
  bool read(Reading how, Value& out) {
    const bool outside = std::exchange(keeps_escapes_, how.keeps_escapes);
    bool found = how.stop == '\0';
    while (!ends()) {
      const char c = here();
      if (how.stop != '\0' && c == how.stop) {
        ++at_;
        found = true;
        break;
      }
      if (c == '\'') {
        single_quoted(how.is_pattern, out);
      } else if (c == '"') {
        double_quoted(how.is_pattern, out);
      } else if (c == '$') {
        variable(out);
      } else if (c == escape_) {
        ++at_;
        if (how.keeps_escapes) out.text += c;
        if (!ends()) out.text += text_[at_++];
      } else {
        // With what follows and means nothing either.
        constexpr CharacterSet marks("'\"$\\`}/");
        const std::size_t end = std::min(marks.find_in(text_, at_ + 1), text_.size());
        out.text += text_.substr(at_, end - at_);
        at_ = end;
      }
    }
    keeps_escapes_ = outside;
    return found;
  }

  void single_quoted(bool is_pattern, Value& out) {
    const std::size_t close = text_.find('\'', at_ + 1);
    if (close == std::string_view::npos) refuse(Fault::open_quote, at_);
    const std::size_t end = std::min(close, text_.size());
    for (std::size_t i = at_ + 1; i < end; ++i) {
      if (is_pattern && text_[i] == escape_) out.text += escape_;
      out.text += text_[i];
    }
    at_ = std::min(end + 1, text_.size());
  }

  void double_quoted(bool is_pattern, Value& out) {
    const std::size_t open = at_;
    for (++at_; !ends() && here() != '"';) {
      if (here() == '$') {
        variable(out);
        continue;
      }
      const char c = text_[at_++];
      if (c == escape_) {
        const char next = here();
        if (ends()) break;
        if (next == '"' || next == '$' || next == escape_) {
          if (keeps_escapes_) out.text += c;
          out.text += next;
          ++at_;
          continue;
        }
        if (keeps_escapes_ || is_pattern) out.text += c;
      }
      out.text += c;
    }
    if (ends()) refuse(Fault::open_quote, open);
    if (!ends()) ++at_;
  }

  void variable(Value& out) {
    const std::size_t begin = at_++;
    const bool braces = here() == '{';
    if (braces) {
      ++at_;
      if (ends()) refuse(Fault::open_brace, begin);
      if (!ends() && (here() == '{' || here() == '}' || here() == ':'))
        refuse(Fault::bad_substitution, begin);
    }
    const std::string_view name =
        text_.substr(std::min(at_, text_.size()), variable_name_size(text_.substr(at_)));
    at_ += name.size();
    if (!braces && name.empty()) {
      out.text += '$';
      return;
    }
    const std::size_t variables = out.variables.size();
    if (!name.empty()) out.variables.emplace_back(name);
    std::optional<Value> result;
    // Deeper nesting than anyone writes would only serve to exhaust the stack.
    if (depth_ >= max_depth) {
      at_ = text_.size();
    } else {
      ++depth_;
      result = braces ? in_braces(name, begin, out.variables) : lookup_(name);
      --depth_;
    }
    // What cannot be told stays as written, in one spelling where that is simple.
    std::string written(text_.substr(begin, at_ - begin));
    if (name.empty()) out.variables.resize(variables);
    // Each `ENV A=$A$A` doubles what it stands for.
    if (result && out.text.size() + result->text.size() > text_.size() + max_growth) result.reset();
    const bool is_plain = !braces || written.size() == name.size() + 3;
    if (is_plain && !name.empty()) written = "${" + std::string(name) + "}";
    out.text += result ? result->text : written;
    out.known = out.known && result && result->known;
  }

  // What ${NAME...} becomes, read from behind the name on; none where that cannot be told.
  std::optional<Value> in_braces(std::string_view name, std::size_t begin,
                                 std::vector<std::string>& variables) {
    const bool colon = here() == ':';
    if (colon) ++at_;
    const char op = here();
    if (op == '}' && !colon) {
      ++at_;
      return name.empty() ? std::nullopt : lookup_(name);
    }
    if (ends()) {
      refuse(Fault::open_brace, begin);
      return name.empty() ? std::nullopt : lookup_(name);
    }
    const bool is_pattern = op == '#' || op == '%' || op == '/';
    const bool known = op == '-' || op == '+' || op == '?' || (is_pattern && !colon);
    if (!known) refuse(Fault::modifier, begin);
    ++at_;
    const bool twice = op == '/' && here() == '/';
    if (twice) ++at_;

    const auto operand = [&](Reading how) {
      Value value;
      if (!read(how, value)) refuse(Fault::open_brace, begin);
      variables.insert(variables.end(), value.variables.begin(), value.variables.end());
      return value;
    };
    Value first = operand({op == '/' ? '/' : '}', is_pattern, is_pattern});
    const Value second = op == '/' ? operand({'}', true, false}) : Value{};
    if (!known) return std::nullopt;

    const std::optional<Value> value = lookup_(name);
    const bool given = value && value->known;
    const bool has_text = given && !(colon && value->text.empty());
    switch (op) {
      case '-':
        // Where nothing gives it a value, the default is what the author meant to be used.
        if (value && !given && !is_unset(name, *value)) return std::nullopt;
        return has_text ? value : first;
      case '+':
        if (!given) return std::nullopt;
        return has_text ? first : Value{};
      case '?':
        if (given && !has_text) refuse(Fault::required, begin);
        return given ? value : std::nullopt;
      default:
        break;
    }
    const bool longest = op != '/' && first.text.starts_with(op);
    if (longest) first.text.erase(0, 1);
    if (!given || !first.known || !second.known) {
      if (first.known && !read_pattern(characters(
                             op == '%' ? bytes(reversed(characters(first.text))) : first.text)))
        refuse(Fault::pattern, begin);
      return std::nullopt;
    }
    Changed changed = op == '/' ? substituted(value->text, first.text, second.text, twice)
                                : trimmed(value->text, first.text, op == '%', longest);
    if (changed.faulty) refuse(Fault::pattern, begin);
    if (!changed.text) return std::nullopt;
    return Value{std::move(*changed.text), true, {}};
  }

  // Whether it is an ARG without a value, which has one only if the build command says so.
  static bool is_unset(std::string_view name, const Value& value) {
    return value.text == "${" + std::string(name) + "}" &&
           predefined_argument(name) != PredefinedArgument::platform;
  }

  static constexpr int max_depth = 64;
  static constexpr std::size_t max_growth = 4096;  // bytes that variables make a text longer

  std::string_view text_;
  char escape_;
  const Lookup& lookup_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool keeps_escapes_ = false;  // of what is being read
  std::optional<ExpansionFault> fault_;
  Value value_;
};

}  // namespace

std::size_t variable_name_size(std::string_view text) {
  if (text.empty()) return 0;
  if (is_digit(text[0])) {
    return std::min(text.find_first_not_of("0123456789"), text.size());
  }
  if (std::string_view("@*#?-$!").find(text[0]) != std::string_view::npos) return 1;
  std::size_t size = 0;
  while (size < text.size()) {
    const auto [character, bytes] = first_character(text.substr(size));
    if (!begins_name(character) && !(character < 0x80 && is_digit(text[size]))) break;
    size += bytes;
  }
  return size;
}

Value expand(std::string_view text, char escape, const Lookup& lookup,
             std::optional<ExpansionFault>* fault) {
  // Most words hold nothing of the kind.
  constexpr CharacterSet special("$\"'\\`");
  if (special.find_in(text) == std::string_view::npos) {
    if (fault != nullptr) fault->reset();
    return {std::string(text), true, {}};
  }
  Expander expander(text, escape, lookup);
  Value value = expander.run();
  if (fault != nullptr) *fault = expander.fault();
  return value;
}

}  // namespace bulkhead
