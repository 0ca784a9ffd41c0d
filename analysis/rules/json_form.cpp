#include "analysis/rules/json_form.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

constexpr bool is_json_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Reads JSON strictly, and keeps only whether the outermost array has members that are no strings.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  bool is_array_of_others() {
    skip_blanks();
    if (here() != '[' || !value()) return false;
    skip_blanks();
    return at_ == text_.size() && others_;
  }

 private:
  // Deeper than this the builder gives up, too.
  static constexpr int most_nested = 10000;

  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (at_ < text_.size() && is_json_blank(text_[at_])) ++at_;
  }
  bool take(char c) {
    if (here() != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool digits() {
    const std::size_t begin = at_;
    while (is_digit(here())) ++at_;
    return at_ > begin;
  }

  // Without recursion: the text decides how deep it is.
  bool value() {
    std::vector<char> open;
    while (true) {
      skip_blanks();
      const char c = here();
      if (open.size() == 1 && c != '"' && c != ']') others_ = true;
      if (c == '[' || c == '{') {
        if (open.size() >= most_nested) return false;
        ++at_;
        open.push_back(c);
        skip_blanks();
        if (here() != closing(c)) {
          if (c == '{' && !key()) return false;
          continue;
        }
      } else if (!scalar()) {
        return false;
      }
      if (!close(open)) return false;
      if (open.empty()) return true;
    }
  }
  static char closing(char open) { return open == '[' ? ']' : '}'; }

  // Behind a member: closes what ends here, up to the comma in front of the next one.
  bool close(std::vector<char>& open) {
    while (!open.empty()) {
      skip_blanks();
      if (take(closing(open.back()))) {
        open.pop_back();
        continue;
      }
      if (!take(',')) return false;
      skip_blanks();
      return open.back() == '{' ? key() : here() != ']';
    }
    return true;
  }
  bool key() {
    skip_blanks();
    if (!string()) return false;
    skip_blanks();
    return take(':');
  }
  bool scalar() {
    if (here() == '"') return string();
    return take("true") || take("false") || take("null") || number();
  }
  bool string() {
    if (!take('"')) return false;
    for (; at_ < text_.size(); ++at_) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c < 0x20) return false;
      if (c != '\\') continue;
      ++at_;
      if (here() == 'u') {
        for (int i = 0; i < 4; ++i) {
          ++at_;
          const char digit = lower_case(here());
          if (!is_digit(digit) && (digit < 'a' || digit > 'f')) return false;
        }
      } else if (here() == '\0' ||
                 std::string_view("\"\\/bfnrt").find(here()) == std::string::npos) {
        return false;
      }
    }
    return false;
  }
  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (lower_case(here()) != 'e') return true;
    ++at_;
    if (!take('+')) take('-');
    return digits();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool others_ = false;
};

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out + '"';
}

// Quotes, and what closes them; word processors make the curly ones.
struct Quote {
  std::string_view open;
  std::string_view close;
};
constexpr std::array quotes = {
    Quote{"\"", "\""},
    Quote{"'", "'"},
    Quote{"\xE2\x80\x9C", "\xE2\x80\x9D"},  // “ ”
    Quote{"\xE2\x80\x9D", "\xE2\x80\x9D"},
    Quote{"\xE2\x80\x98", "\xE2\x80\x99"},  // ‘ ’
};

// Reads what a person would take for an array.
class Guesser {
 public:
  explicit Guesser(std::string_view text) : text_(trimmed(text)) {}

  std::optional<MeantArray> read() {
    if (!take("[")) return std::nullopt;
    skip_blanks();
    while (!is_behind_members()) {
      const std::size_t begin = at_;
      if (!member()) return std::nullopt;
      array_.repairs.push_back(
          {text_.substr(begin, at_ - begin), json_string(array_.members.back())});
      skip_blanks();
      if (is_behind_members()) break;
      const std::size_t comma = at_;
      if (take(",")) {
        skip_blanks();
        if (!is_behind_members()) continue;
        array_.repairs.push_back({text_.substr(comma, 1), ""});
        if (!rest().empty()) fault("there is a comma behind the last string");
        break;
      }
      // Two strings side by side; anything else is for the shell: [ "$a" = b ].
      if (!starts_quote()) return std::nullopt;
      fault("a comma is missing between two strings");
      array_.repairs.back().text += ',';
    }
    if (array_.members.empty()) return std::nullopt;
    if (!take("]")) {
      // `[ "$a"` alone could be anything.
      if (array_.members.size() < 2 && bare_) return std::nullopt;
      fault("the closing bracket is missing");
      array_.repairs.back().text += ']';
      array_.is_open = true;
    }
    const std::size_t behind = at_;
    skip_blanks();
    if (!rest().empty()) {
      const bool slip = rest() == "]" || rest() == "," || rest() == ";" || rest() == "." ||
                        rest() == "\"" || rest() == "'";
      const bool comment = rest().starts_with('#');
      if (!slip && !comment) return std::nullopt;
      fault("there is more text behind the closing bracket");
      array_.repairs.push_back({text_.substr(behind), ""});
    }
    if (array_.problem.empty()) return std::nullopt;
    std::erase_if(array_.repairs,
                  [](const MeantArray::Repair& repair) { return repair.text == repair.part; });
    return std::move(array_);
  }

 private:
  std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }
  bool take(std::string_view word) {
    if (!rest().starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void skip_blanks() {
    while (!rest().empty() && is_json_blank(rest()[0])) ++at_;
  }
  bool is_behind_members() const { return rest().empty() || rest().starts_with(']'); }
  void fault(std::string_view problem) {
    if (array_.problem.empty()) array_.problem = problem;
  }
  bool starts_quote() const {
    return std::ranges::any_of(quotes,
                               [&](const Quote& quote) { return rest().starts_with(quote.open); });
  }

  bool member() {
    for (const Quote& quote : quotes) {
      if (!take(quote.open)) continue;
      if (quote.open != "\"") fault("JSON knows double quotes only");
      return quoted(quote.close);
    }
    // A bare word, of the kind that programs and options are made of.
    const std::size_t size = std::min(rest().find_first_of(" \t,]"), rest().size());
    const std::string_view word = rest().substr(0, size);
    const std::string_view behind = trimmed(rest().substr(size));
    const bool ends = behind.starts_with(',') || behind == "]";
    if (word.empty() || !ends || word.find_first_of("$&|;<>*?!=()`'\"[") != std::string_view::npos)
      return false;
    fault("the strings lack their quotes");
    bare_ = true;
    array_.members.emplace_back(word);
    at_ += size;
    return true;
  }

  bool quoted(std::string_view close) {
    std::string member;
    while (!rest().empty() && !rest().starts_with(close)) {
      const char c = rest()[0];
      if (c == '\\' && close == "\"") {
        escape(member);
        continue;
      }
      if (c == '\t') fault("a tab in a JSON string is written \\t");
      member += c;
      ++at_;
    }
    if (!take(close)) fault("a string is not closed");
    array_.members.push_back(std::move(member));
    return true;
  }

  void escape(std::string& member) {
    const std::string_view here = rest();
    const char next = here.size() > 1 ? here[1] : '\0';
    at_ += 2;
    if (next == '"' || next == '\\' || next == '/') {
      member += next;
    } else {
      // Also \n and \t: next to a backslash that is wrong, they are more likely parts of a path.
      if (std::string_view("bfnrtu").find(next) == std::string::npos)
        fault("a backslash in a JSON string is written \\\\");
      member += '\\';
      at_ -= 1;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool bare_ = false;
  MeantArray array_;
};

}  // namespace

bool is_array_of_others(std::string_view text) {
  return Checker(text).is_array_of_others();
}

std::optional<MeantArray> meant_array(std::string_view text) {
  return Guesser(text).read();
}

std::string to_json(const std::vector<std::string>& members) {
  std::string out = "[";
  for (const std::string& member : members) {
    if (out.size() > 1) out += ", ";
    out += json_string(member);
  }
  return out + "]";
}

}  // namespace bulkhead::rules
