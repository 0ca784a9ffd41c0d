#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "analysis/facts/registries.h"
#include "analysis/facts/tables.h"

// How names and tags of images are found in the tables. For the files of this folder only.
namespace bulkhead::facts {

// `pattern` is a glob of names, or of names and tags, "name:tag".
bool matches_image(std::string_view pattern, std::string_view name, std::string_view tag);

// The name without what only says that it comes from a mirror of the official images.
std::string_view canonical_name(std::string_view name);

// An empty tag means this.
constexpr std::string_view tag_or_latest(std::string_view tag) {
  return tag.empty() ? "latest" : tag;
}

// Calls `use` for each part of `text` between separators until it returns true; whether one did.
template <class Use>
constexpr bool any_part(std::string_view text, char separator, Use use) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (use(text.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
}

// The rows of a table by one character of the texts that they may be about, the first or the last; their order is
// kept. Tables are long, and nearly all rows differ in it.
template <class Row>
class RowsByCharacter {
 public:
  // `characters_of` gives those of a row, '*' for any.
  template <class CharactersOf>
  RowsByCharacter(std::span<const Row> rows, CharactersOf characters_of) {
    for (const Row& row : rows) {
      const std::string characters(characters_of(row));
      if (characters.find('*') != std::string::npos) {
        for (auto& any : rows_) any.push_back(&row);
        continue;
      }
      for (const char character : characters) {
        auto& own = rows_[static_cast<unsigned char>(character)];
        if (own.empty() || own.back() != &row) own.push_back(&row);
      }
    }
  }

  std::span<const Row* const> of(char character) const {
    return rows_[static_cast<unsigned char>(character)];
  }
  // The character is the one that `text` begins with.
  std::span<const Row* const> of(std::string_view text) const {
    return of(text.empty() ? '\0' : text.front());
  }

 private:
  std::array<std::vector<const Row*>, 256> rows_;
};

// Two neighbours of a text or a glob as one character, by which long tables are told apart better; '*' where they are
// not both there, or one of them stands for any. Others may fall together.
constexpr char pair_of(std::string_view both) {
  if (both.size() < 2 || both[0] == '*' || both[1] == '*') return '*';
  return static_cast<char>(both[0] * 31 + both[1]);
}

// The last few answers to one question about images.
template <class Answer>
class LastAnswers {
 public:
  template <class Find>
  const Answer& of(std::string_view name, std::string_view tag, Find find) {
    const auto known = std::ranges::find_if(
        given_, [&](const Given& given) { return given.name == name && given.tag == tag; });
    if (known != given_.end()) return known->answer;
    Given given{std::string(name), std::string(tag), find()};
    constexpr std::size_t most = 4;
    if (given_.size() < most) return given_.emplace_back(std::move(given)).answer;
    oldest_ = (oldest_ + 1) % most;
    given_[oldest_] = std::move(given);
    return given_[oldest_].answer;
  }

 private:
  struct Given {
    std::string name;
    std::string tag;
    Answer answer;
  };
  std::vector<Given> given_;
  std::size_t oldest_ = 0;
};

// `find()`, which tells the same of the same image; rules ask for that again and again. Holds until the next call.
template <class Find>
const std::invoke_result_t<Find>& remembered(std::string_view name, std::string_view tag,
                                             Find find) {
  thread_local LastAnswers<std::invoke_result_t<Find>> answers;  // of this `find` alone
  return answers.of(name, tag, find);
}

// The numbers that a tag begins with, "16.13.2" of "v16.13.2-slim"; empty when it begins otherwise.
std::string_view version_of(std::string_view tag);

// Compares versions number by number: 9 < 13, 3.9 < 3.10, 22.10 < 23.04. Where one has fewer
// numbers, only as many count: 3 is not older than 3.10.
bool is_older(std::string_view a, std::string_view b);

// How cycles are written in tags of the image.
tables::Form tag_form(std::string_view name);

// A cycle of a product that a tag names, and where: [begin, end) in bytes.
struct TagMatch {
  const tables::Product* product;
  const tables::Cycle* cycle;
  std::size_t begin;
  std::size_t end;
};

struct TagMatches {
  // Of the image's own product, at the start of the tag. For a part of a version that has a later one
  // (python:2) the cycle in it that is supported longest.
  std::optional<TagMatch> version;
  std::vector<TagMatch> parts;  // what it is built on, in the order of the tag
};

// `name` is canonical.
TagMatches match_tag(std::string_view name, std::string_view tag);

// The products that `text` names at its start or after '-', from `from` on.
std::vector<TagMatch> match_parts(std::string_view text, std::size_t from);

// The product that is in the image, whatever its tag; null when not known. `name` is canonical.
const tables::Product* product_of(std::string_view name);

}  // namespace bulkhead::facts
