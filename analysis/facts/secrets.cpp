#include "analysis/facts/secrets.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {
namespace {

using tables::NameMatch;
using tables::ValueMatch;

// ASCII, whatever the locale.
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

// --- Names ---------------------------------------------------------------------------------------

// The words of a name, in lower case: DB_PASSWORD, dbPassword and DBPassword are "db", "password".
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words{""};
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '_' || c == '-' || c == '.') {
      words.emplace_back();
      continue;
    }
    const bool after_lower =
        i > 0 && is_upper(c) && (is_lower(name[i - 1]) || is_digit(name[i - 1]));
    const bool before_lower = i > 0 && i + 1 < name.size() && is_upper(name[i - 1]) &&
                              is_upper(c) && is_lower(name[i + 1]);
    if (after_lower || before_lower) words.emplace_back();
    words.back() += lower_case(c);
  }
  std::erase(words, "");
  return words;
}

const tables::Name* find_name(std::string_view word, NameMatch match) {
  const auto key = [](const tables::Name& row) { return std::pair(row.word, row.match); };
  const auto found = std::ranges::lower_bound(tables::names, std::pair(word, match), {}, key);
  return found != tables::names.end() && key(*found) == std::pair(word, match) ? &*found : nullptr;
}

// The word as such, or its end: "dbpassword". Of several ends the longest counts.
const tables::Name* find_word(std::string_view word) {
  if (const tables::Name* row = find_name(word, NameMatch::word)) return row;
  static const std::vector<tables::Name> ends = [] {
    std::vector<tables::Name> rows;
    std::ranges::copy_if(tables::names, std::back_inserter(rows),
                         [](const tables::Name& row) { return row.match == NameMatch::word_end; });
    return rows;
  }();
  const tables::Name* longest = nullptr;
  for (const tables::Name& row : ends) {
    if (word.size() > row.word.size() && word.ends_with(row.word) &&
        (longest == nullptr || row.word.size() > longest->word.size()))
      longest = &row;
  }
  return longest;
}

// How many of the first words say that a tool publishes the variable, and what says so.
std::pair<std::size_t, const tables::Name*> find_first(const std::vector<std::string>& words) {
  std::string phrase;
  for (std::size_t i = 0; i < words.size(); ++i) {
    phrase += (phrase.empty() ? "" : "_") + words[i];
    if (const tables::Name* row = find_name(phrase, NameMatch::first)) return {i + 1, row};
  }
  return {0, nullptr};
}

NameVerdict verdict(const tables::Name& row) {
  return {row.allow ? NameVerdict::Kind::allow : NameVerdict::Kind::secret, row.strength, row.word};
}

// Whether nobody wants that published: a password, or what is all of a name in the table, GITHUB_TOKEN. Most
// keys and tokens that a page has are made for it.
bool is_never_public(const tables::Name& row) {
  constexpr std::array<std::string_view, 3> words{"pass", "secret", "private"};
  return !row.allow && row.strength == Strength::high &&
         (row.match == NameMatch::exact || std::ranges::any_of(words, [&](std::string_view word) {
            return row.word.find(word) != std::string_view::npos;
          }));
}

// What a name denotes is in its last words: SECRET_KEY_FILE is a file, DATABASE_URL with a phrase
// of its own is not just any URL. So the match that ends last counts, of those the longest. But
// what is said to be public or a checksum is that wherever it is said. Null where nothing is.
const tables::Name* find_in(std::span<const std::string> words) {
  const tables::Name* best = nullptr;
  std::size_t best_words = 0;
  for (std::size_t end = words.size(); end > 0; --end) {
    const std::string& word = words[end - 1];
    const tables::Name* plain = find_word(word);
    if (plain != nullptr && plain->allow) return plain;
    if (best != nullptr) continue;
    if (end == words.size() && plain == nullptr) plain = find_name(word, NameMatch::word_last);
    if (plain != nullptr) {
      best = plain;
      best_words = 1;
    }
    std::string phrase = word;
    for (std::size_t begin = end - 1; begin > 0; --begin) {
      phrase.insert(0, words[begin - 1] + '_');
      const tables::Name* row = find_name(phrase, NameMatch::phrase);
      if (row != nullptr && end - begin + 1 > best_words) {
        best = row;
        best_words = end - begin + 1;
      }
    }
  }
  return best;
}

// The same of a name that may stand in the table as a whole.
const tables::Name* find_all(std::string_view name, std::span<const std::string> words) {
  const tables::Name* row = find_name(name, NameMatch::exact);
  return row != nullptr ? row : find_in(words);
}

// --- Values --------------------------------------------------------------------------------------

std::string_view without_quotes(std::string_view value) {
  for (const char quote : {'"', '\''}) {
    if (value.starts_with(quote)) value.remove_prefix(1);
    if (value.ends_with(quote)) value.remove_suffix(1);
  }
  return value;
}

template <class Predicate>
std::size_t count_prefix(std::string_view text, Predicate predicate) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, predicate) - text.begin());
}

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
  return !text.empty() && std::ranges::all_of(text, predicate);
}

// $NAME or ${...}, and nothing else.
bool is_variable(std::string_view value) {
  if (!value.starts_with('$')) return false;
  value.remove_prefix(1);
  if (value.starts_with('{')) return value.find('}') == value.size() - 1;
  return all(value, is_name_character) && !is_digit(value.front());
}

// What is between `open` and `close`, if that is all; empty otherwise.
std::string_view enclosed(std::string_view value, char open, char close) {
  if (value.size() < 3 || value.front() != open || value.back() != close) return {};
  const std::string_view inner = value.substr(1, value.size() - 2);
  return inner.find(open) == std::string_view::npos && inner.find(close) == std::string_view::npos
             ? inner
             : "";
}

bool is_path(std::string_view value) {
  const bool rooted = value.starts_with('/') || value.starts_with("./") || value.starts_with("~/");
  const bool drive = value.size() > 2 && is_letter(value[0]) && value.substr(1).starts_with(":\\");
  if (drive) return true;
  return rooted && value.size() > 1 && std::ranges::all_of(value, [](char c) {
           return is_name_character(c) ||
                  std::string_view("./~ -").find(c) != std::string_view::npos;
         });
}

bool is_url_without_password(std::string_view value) {
  const std::string lower = lower_case(value.substr(0, 8));
  return (lower.starts_with("http://") || lower.starts_with("https://")) &&
         value.find('@') == std::string_view::npos;
}

// xxxx, ****, 0000; or such a run that ends what begins like a token: ghp_xxxx, AKIA00000000.
bool is_run(std::string_view value) {
  constexpr std::string_view fillers = "xX*.-_01aA";
  if (fillers.find(value.front()) != std::string_view::npos &&
      value.find_first_not_of(value.front()) == std::string_view::npos) {
    return true;
  }
  constexpr std::array<std::pair<char, std::size_t>, 5> runs{
      {{'x', 4}, {'X', 4}, {'*', 3}, {'.', 3}, {'0', 8}}};
  const auto is_rest = [](std::string_view text, std::size_t most) {
    return text.size() <= most &&
           std::ranges::all_of(text, [](char c) { return is_name_character(c) || c == '-'; });
  };
  return std::ranges::any_of(runs, [&](const auto& run) {
    const std::size_t begin = value.find(std::string(run.second, run.first));
    if (begin == std::string_view::npos) return false;
    const std::size_t end = std::min(value.find_first_not_of(run.first, begin), value.size());
    return is_rest(value.substr(0, begin), 12) && is_rest(value.substr(end), 4);
  });
}

// your_api_key_here, MyPassword
bool is_somebodys(std::string_view value) {
  const std::string lower = lower_case(value);
  const std::string_view text = std::string_view(lower).substr(
      0, count_prefix(lower, [](char c) { return is_letter(c) || c == '_' || c == '-'; }));
  constexpr std::array<std::string_view, 4> owners{"my", "your", "the", "some"};
  constexpr std::array<std::string_view, 9> things{"password", "passwd", "pass", "secret", "token",
                                                   "key",      "value",  "here", "salt"};
  return std::ranges::any_of(owners, [&](std::string_view owner) {
    return text.starts_with(owner) && std::ranges::any_of(things, [&](std::string_view thing) {
             return text.find(thing, owner.size()) != std::string_view::npos;
           });
  });
}

// set a secure password here
bool is_sentence(std::string_view value) {
  return std::ranges::count(value, ' ') >= 2 && std::ranges::all_of(value, [](char c) {
           return is_letter(c) || std::string_view(" .,:!?'").find(c) != std::string_view::npos;
         });
}

bool is_uuid(std::string_view value) {
  if (value.size() != 36) return false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? value[i] != '-' : !is_hex_digit(value[i])) return false;
  }
  return true;
}

// v1.2.3-rc.1
bool is_version(std::string_view value) {
  if (value.starts_with('v')) value.remove_prefix(1);
  int numbers = 0;
  while (numbers < 4) {
    const std::size_t digits = count_prefix(value, is_digit);
    if (digits == 0) return false;
    value.remove_prefix(digits);
    ++numbers;
    if (value.size() < 2 || value[0] != '.' || !is_digit(value[1])) break;
    value.remove_prefix(1);
  }
  if (numbers < 2) return false;
  return value.empty() || (std::string_view("-+.").find(value[0]) != std::string_view::npos &&
                           value.size() > 1 && std::ranges::all_of(value.substr(1), [](char c) {
                             return is_name_character(c) || c == '.' || c == '-';
                           }));
}

bool matches_form(const tables::ValueForm& form, std::string_view value, std::string_view lower) {
  const bool exact_case = value != lower && std::ranges::any_of(form.text, is_upper);
  const std::string_view text = exact_case ? value : lower;
  switch (form.match) {
    case ValueMatch::equals:
      return text == form.text;
    case ValueMatch::prefix:
      return text.starts_with(form.text);
    case ValueMatch::suffix:
      return text.ends_with(form.text);
    case ValueMatch::contains:
      return text.find(form.text) != std::string_view::npos;
  }
  return false;
}

}  // namespace

NameVerdict secret_name(std::string_view variable) {
  const std::string lower = lower_case(variable);
  const std::vector<std::string> words = words_of(variable);
  const auto [count, published] = find_first(words);
  if (published == nullptr) {
    const tables::Name* row = find_all(lower, words);
    return row == nullptr ? NameVerdict{} : verdict(*row);
  }
  // What begins as variables do that tools publish is public, unless somebody publishes it by mistake.
  std::string rest;
  for (const std::string& word : std::span(words).subspan(count))
    rest += (rest.empty() ? "" : "_") + word;
  const tables::Name* row = find_all(rest, std::span(words).subspan(count));
  if (row == nullptr || !is_never_public(*row)) return verdict(*published);
  NameVerdict mistake = verdict(*row);
  mistake.published = true;
  return mistake;
}

ValueKind value_kind(std::string_view value) {
  value = without_quotes(value);
  if (value.empty()) return ValueKind::empty;
  const std::size_t braces = value.find("{{");
  if (is_variable(value) || is_path(value) || is_url_without_password(value) ||
      all(enclosed(value, '%', '%'), is_name_character) ||
      all(enclosed(value, '@', '@'), [](char c) { return is_name_character(c) || c == '.'; }) ||
      (braces != std::string_view::npos && value.find("}}", braces) != std::string_view::npos)) {
    return ValueKind::reference;
  }
  const std::string lower = lower_case(value);
  for (const tables::ValueForm& form : tables::value_forms) {
    if (matches_form(form, value, lower)) return form.kind;
  }
  if (!enclosed(value, '<', '>').empty() || is_run(value) || is_somebodys(value) ||
      is_sentence(value) || all(enclosed(value, '[', ']'), [](char c) {
        return is_letter(c) || c == '_' || c == '-' || c == ' ';
      })) {
    return ValueKind::dummy;
  }
  const bool digest = (value.size() == 40 || value.size() == 64) && all(value, is_hex_digit);
  if (digest || (value.size() <= 6 && all(value, is_digit)) || is_uuid(value) ||
      is_version(value)) {
    return ValueKind::plain;
  }
  return ValueKind::literal;
}

}  // namespace bulkhead::facts
