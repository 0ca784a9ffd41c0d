#include "analysis/facts/secret_patterns.h"

#include <re2/re2.h>
#include <re2/stringpiece.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <mutex>
#include <tuple>
#include <utility>

#include "analysis/facts/lookup.h"
#include "analysis/facts/secrets.h"
#include "analysis/facts/tables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::facts {
namespace {

using Confidence = SecretPattern::Confidence;
using Kind = SecretPattern::Kind;

// How far around a keyword its secret is looked for.
constexpr std::size_t reach = 8192;
// Keywords that are near one another are looked at together, in windows of this size.
constexpr std::size_t window_size = 4 * reach;
// What ends with the window may go on behind it.
constexpr std::size_t longest_secret = 2 * reach;

// Made when a text has one of its keywords, which few have, and kept.
const re2::RE2& expression(std::size_t pattern) {
  struct Slot {
    std::once_flag once;
    std::unique_ptr<const re2::RE2> expression;
  };
  static const auto slots = std::make_unique<Slot[]>(tables::secret_patterns.size());
  Slot& slot = slots[pattern];
  std::call_once(slot.once, [&] {
    const SecretPattern& row = tables::secret_patterns[pattern];
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);  // bytes
    options.set_case_sensitive(!row.ignores_case);
    options.set_log_errors(false);
    slot.expression = std::make_unique<const re2::RE2>(
        re2::StringPiece(row.regex.data(), row.regex.size()), options);
  });
  return *slot.expression;
}

// Shannon's, in bits per byte.
double entropy(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

// The name in front of a value: `match` begins with it, or with one character more.
std::string_view name_in(std::string_view match) {
  const auto is_part = [](char c) { return is_name_character(c) || c == '.' || c == '-'; };
  if (!is_part(match.front())) match.remove_prefix(1);
  const auto end = std::ranges::find_if_not(match, is_part);
  return match.substr(0, static_cast<std::size_t>(end - match.begin()));
}

// Code names things like that, and people no passwords: config.password, the_token.
bool is_identifier(std::string_view text) {
  return text.find_first_of("._-") != std::string_view::npos &&
         std::ranges::all_of(text, [](char c) {
           return (is_letter(c) && c == lower_case(c)) || c == '.' || c == '_' || c == '-';
         });
}

bool is_secret(const SecretPattern& pattern, std::string_view match, std::string_view secret) {
  if (entropy(secret) < pattern.min_entropy) return false;
  // In a sentence it may be followed by a comma.
  const ValueKind kind = value_kind(secret.substr(0, secret.find_last_not_of(".,;:)") + 1));
  if (pattern.kind == Kind::format || pattern.kind == Kind::named) {
    return pattern.min_entropy == 0 || kind != ValueKind::dummy;
  }
  const bool is_own = kind == ValueKind::literal || kind == ValueKind::known;
  if (pattern.confidence != Confidence::low) return is_own || kind == ValueKind::plain;
  return is_own && !is_identifier(secret) && secret_name(name_in(match)).is_secret();
}

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::vector<SecretValue> secrets() {
    const auto& ends = tables::keyword_ends;
    const auto count = static_cast<std::size_t>(tables::keyword_steps.size() / (ends.size() - 1));
    const auto first_ending = static_cast<std::size_t>(
        std::ranges::upper_bound(ends, std::uint16_t{0}) - ends.begin() - 1);
    // Of all bytes of all files: the tables are not asked for their sizes at each.
    const auto* const steps = tables::keyword_steps.data();
    const auto* const classes = tables::keyword_classes.data();
    std::size_t state = 0;
    std::size_t read = 0;
    for (const char c : text_) {
      state = steps[state * count + classes[static_cast<unsigned char>(c)]];
      ++read;
      if (state < first_ending) continue;
      for (std::size_t at = ends[state]; at < ends[state + 1]; ++at)
        meet(tables::secret_keywords[at], read);
    }
    for (Window& window : windows_) search(window);
    return best();
  }

 private:
  struct Window {
    std::size_t pattern = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t searched = 0;  // the end of the last secret found
  };

  void meet(const tables::SecretKeyword& keyword, std::size_t end) {
    const SecretPattern& pattern = tables::secret_patterns[keyword.pattern];
    const std::size_t begin = end - keyword.size;
    if (pattern.run > 0 && run_around(end - 1) < pattern.run) return;
    Window& window = window_of(keyword.pattern);
    const std::size_t first = begin - std::min(begin, reach);
    const std::size_t last = std::min(end + reach, text_.size());
    if (first > window.end || last - window.begin > window_size) {
      search(window);
      window.begin = std::max(first, window.searched);
    }
    window.end = last;
  }

  Window& window_of(std::size_t pattern) {
    if (places_.empty()) places_.resize(tables::secret_patterns.size());
    std::uint16_t& place = places_[pattern];
    if (place == 0) {
      windows_.push_back({.pattern = pattern});
      place = static_cast<std::uint16_t>(windows_.size());
    }
    return windows_[place - 1];
  }

  // The size of the run of bytes without blanks that `at` is in. It only grows: no byte is looked at twice.
  std::size_t run_around(std::size_t at) {
    if (at >= run_end_) {
      std::size_t begin = at;
      while (begin > run_end_ && !is_space(text_[begin - 1])) --begin;
      run_begin_ = begin;
      run_end_ = at;
      while (run_end_ < text_.size() && !is_space(text_[run_end_])) ++run_end_;
    }
    return run_end_ - run_begin_;
  }

  void search(Window& window) {
    const SecretPattern& pattern = tables::secret_patterns[window.pattern];
    const std::string_view near = text_.substr(window.begin, window.end - window.begin);
    if (!pattern.also.empty() && !any_part(pattern.also, ',', [&](std::string_view part) {
          return near.find(part) != std::string_view::npos;
        })) {
      return;
    }
    const re2::StringPiece text(text_.data(), text_.size());
    std::array<re2::StringPiece, 2> groups;
    const auto match = [&](std::size_t begin, std::size_t end) {
      return expression(window.pattern)
          .Match(text, begin, end, re2::RE2::UNANCHORED, groups.data(), 2);
    };
    const auto view = [](const re2::StringPiece& piece) {
      return std::string_view(piece.data(), piece.size());
    };
    const auto place = [&](std::string_view part) {
      return static_cast<std::size_t>(part.data() - text_.data());
    };
    std::size_t at = window.begin;
    while (at < window.end && match(at, window.end)) {
      const bool cut = place(view(groups[0])) + groups[0].size() == window.end;
      if (cut && window.end < text_.size()) {
        match(at, std::min(window.end + longest_secret, text_.size()));
        if (groups[1].empty()) break;
      }
      const std::string_view secret = view(groups[1]);
      const std::size_t begin = place(secret);
      at = window.searched = begin + secret.size();
      if (is_secret(pattern, view(groups[0]), secret)) found_.push_back({begin, at, &pattern});
    }
  }

  // Where several patterns fit the same bytes, the one that says most of them.
  std::vector<SecretValue> best() {
    const auto rank = [](const SecretValue& value) {
      return std::tuple(value.pattern->confidence == Confidence::low, value.pattern->kind,
                        -static_cast<int>(value.pattern->confidence), value.pattern);
    };
    std::ranges::sort(
        found_, {}, [&](const SecretValue& value) { return std::tuple(value.begin, rank(value)); });
    std::vector<SecretValue> best;
    for (const SecretValue& value : found_) {
      if (best.empty() || best.back().end <= value.begin) {
        best.push_back(value);
      } else if (rank(value) < rank(best.back())) {
        best.back() = value;
      }
    }
    return best;
  }

  std::string_view text_;
  std::size_t run_begin_ = 0;
  std::size_t run_end_ = 0;
  std::vector<Window> windows_;        // of the patterns of which there is a keyword
  std::vector<std::uint16_t> places_;  // by pattern: that of its window, counted from 1
  std::vector<SecretValue> found_;
};

}  // namespace

std::span<const SecretPattern> secret_patterns() {
  return tables::secret_patterns;
}

std::vector<SecretValue> find_secrets(std::string_view text) {
  return Scan(text).secrets();
}

std::string without_secrets(std::string text) {
  const std::vector<SecretValue> secrets = find_secrets(text);
  for (auto secret = secrets.rbegin(); secret != secrets.rend(); ++secret) {
    const std::size_t size = secret->end - secret->begin;
    text.replace(secret->begin, size, redacted(std::string_view(text).substr(secret->begin, size)));
  }
  return text;
}

std::string redacted(std::string_view secret) {
  const bool is_long = secret.size() >= 20;
  const std::string shown = is_long ? std::string(secret.substr(0, 3)) + "…" : "***";
  return shown + " (" + std::to_string(secret.size()) + " characters)";
}

}  // namespace bulkhead::facts
