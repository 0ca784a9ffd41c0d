#include "analysis/facts/lookup.h"

#include <algorithm>
#include <array>

#include "analysis/text/ascii.h"

namespace bulkhead::facts {

bool matches_behind_star(std::string_view glob, std::string_view text) {
  // What stands behind the last star ends the text, or most often does not.
  while (!glob.empty() && glob.back() != '*') {
    if (text.empty() || text.back() != glob.back()) return false;
    glob.remove_suffix(1);
    text.remove_suffix(1);
  }
  // Each piece between stars at its first place.
  while (!glob.empty()) {
    const std::size_t next = glob.find('*');
    const std::size_t found = text.find(glob.substr(0, next));
    if (found == std::string_view::npos) return false;
    text.remove_prefix(found + next);
    glob.remove_prefix(next + 1);
  }
  return true;
}

bool matches_any_glob(std::string_view globs, std::string_view text) {
  return any_part(globs, ' ', [&](std::string_view glob) { return matches_glob(glob, text); });
}

bool matches_image(std::string_view pattern, std::string_view name, std::string_view tag) {
  const std::size_t colon = pattern.find(':');
  return !name.empty() && matches_glob(pattern.substr(0, colon), name) &&
         (colon == std::string_view::npos || matches_glob(pattern.substr(colon + 1), tag));
}

std::string_view canonical_name(std::string_view name) {
  // The official images for one architecture each stand under its name.
  constexpr std::array<std::string_view, 14> mirrors{"public.ecr.aws/docker/library/",
                                                     "mirror.gcr.io/library/",
                                                     "mirror.gcr.io/",
                                                     "library/",
                                                     "amd64/",
                                                     "arm32v5/",
                                                     "arm32v6/",
                                                     "arm32v7/",
                                                     "arm64v8/",
                                                     "i386/",
                                                     "mips64le/",
                                                     "ppc64le/",
                                                     "riscv64/",
                                                     "s390x/"};
  for (const std::string_view mirror : mirrors) {
    if (name.starts_with(mirror)) return name.substr(mirror.size());
  }
  // What hands images of other registries on has them in a folder: example.com/docker-hub/library/node.
  // Right behind a host `library` may as well be a project of that registry, as Harbor's first one is.
  constexpr std::string_view library = "/library/";
  const std::size_t host = name.find('/');
  const std::size_t at = name.rfind(library);
  const bool is_handed_on = at != std::string_view::npos && host < at &&
                            name.substr(0, host).find_first_of(".:") != std::string_view::npos;
  return is_handed_on ? name.substr(at + library.size()) : name;
}

namespace {

// The end of what `pattern` matches in `text` from `begin` on.
std::optional<std::size_t> match(const tables::TagPattern& pattern, std::string_view text,
                                 std::size_t begin) {
  std::optional<std::size_t> found;
  any_part(pattern.literals, '|', [&](std::string_view literal) {
    if (!text.substr(begin).starts_with(literal)) return false;
    std::size_t end = begin + literal.size();
    if (pattern.number != 0 && end + 1 < text.size() && text[end] == pattern.number &&
        is_digit(text[end + 1])) {
      for (++end; end < text.size() && is_digit(text[end]);) ++end;
    }
    const bool whole = end == text.size() || literal.empty() ||
                       pattern.ends.find(text[end]) != std::string_view::npos;
    if (whole) found = end;
    return whole;
  });
  return found;
}

bool is_product_of(const tables::Product& product, std::string_view name) {
  return any_part(product.images, ',',
                  [&](std::string_view glob) { return matches_glob(glob, name); });
}

// The characters that the parts of `globs` begin with.
std::string firsts_of(std::string_view globs, char separator) {
  std::string firsts;
  any_part(globs, separator, [&](std::string_view glob) {
    firsts += glob.substr(0, 1);
    return false;
  });
  return firsts;
}

// Those that an image of that name may have.
std::span<const tables::Product* const> products_of(std::string_view name) {
  static const RowsByCharacter rows(tables::products, [](const tables::Product& product) {
    return firsts_of(product.images, ',');
  });
  return rows.of(name);
}

}  // namespace

std::vector<TagMatch> match_parts(std::string_view text, std::size_t from) {
  std::vector<TagMatch> found;
  for (std::size_t begin = from; begin < text.size(); ++begin) {
    if (begin != 0 && text[begin - 1] != '-') continue;
    static const RowsByCharacter rows(tables::tag_parts, [](const tables::TagPart& part) {
      return firsts_of(part.part.literals, '|');
    });
    for (const tables::TagPart* part : rows.of(text.substr(begin))) {
      const auto end = match(part->part, text, begin);
      if (!end) continue;
      found.push_back({part->product, part->cycle, begin, *end});
      begin = *end;
      break;
    }
  }
  return found;
}

std::string_view version_of(std::string_view tag) {
  if (tag.starts_with('v')) tag.remove_prefix(1);
  tag = tag.substr(0, tag.find_first_not_of("0123456789."));
  while (tag.ends_with('.')) tag.remove_suffix(1);
  return tag;
}

bool is_older(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view& version) {
    const std::size_t dot = version.find('.');
    std::string_view digits = version.substr(0, dot);
    version.remove_prefix(dot == std::string_view::npos ? version.size() : dot + 1);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
  };
  while (!a.empty() && !b.empty()) {
    const std::string_view left = next(a);
    const std::string_view right = next(b);
    if (left.size() != right.size()) return left.size() < right.size();
    if (left != right) return left < right;
  }
  return false;
}

tables::Form tag_form(std::string_view name) {
  // The longest glob is the most specific.
  const tables::TagForm* best = nullptr;
  for (const tables::TagForm& row : tables::tag_forms) {
    if (!matches_glob(row.image, name)) continue;
    if (best == nullptr || row.image.size() > best->image.size()) best = &row;
  }
  return best == nullptr ? tables::Form::cycle : best->form;
}

namespace {

// Of the cycles that a part of a version stands for (2 for 2.7 and all in front of it), the one that is
// supported longest. None where no later version is known: then there may be newer ones of this.
const tables::Cycle* last_below(const tables::Product& product, std::string_view version) {
  const tables::Cycle* last = nullptr;
  bool is_over = false;
  const auto goes_on_longer = [](const End& one, const End& other) {
    if (one.kind == End::Kind::on && other.kind == End::Kind::on) return one.date > other.date;
    return one.kind != End::Kind::past && other.kind != End::Kind::none && one.kind != other.kind;
  };
  for (const tables::Cycle& cycle : product.cycles) {
    const std::string_view number = cycle.support.cycle;
    is_over = is_over || is_older(version, number);
    const bool is_below = number.size() > version.size() && number.starts_with(version) &&
                          number[version.size()] == '.';
    if (is_below && (last == nullptr || goes_on_longer(cycle.support.eol, last->support.eol)))
      last = &cycle;
  }
  return is_over ? last : nullptr;
}

}  // namespace

TagMatches match_tag(std::string_view name, std::string_view tag) {
  TagMatches result;
  for (const tables::Product* product : products_of(name)) {
    if (!is_product_of(*product, name)) continue;
    for (const tables::Cycle& cycle : product->cycles) {
      const auto end = match(cycle.tag, tag, 0);
      // The longest counts: of Jenkins there is 2, which goes on, and 2.504, which has ended.
      if (end && (!result.version || *end > result.version->end)) {
        result.version = TagMatch{product, &cycle, 0, *end};
      }
    }
  }
  const std::string_view version = version_of(tag);
  if (!result.version && !version.empty() && tag_form(name) != tables::Form::none) {
    const tables::Product* product = product_of(name);
    const auto end = static_cast<std::size_t>(version.data() - tag.data()) + version.size();
    const bool is_whole = end == tag.size() || tag[end] == '-';
    if (product != nullptr && !product->oldest.empty() && is_older(version, product->oldest)) {
      result.version = TagMatch{product, &product->before, 0, end};
    } else if (product != nullptr && is_whole) {
      if (const tables::Cycle* last = last_below(*product, version))
        result.version = TagMatch{product, last, 0, end};
    }
  }
  result.parts = match_parts(tag, result.version ? result.version->end : 0);
  return result;
}

const tables::Product* product_of(std::string_view name) {
  const auto products = products_of(name);
  const auto product = std::ranges::find_if(
      products, [&](const tables::Product* each) { return is_product_of(*each, name); });
  return product == products.end() ? nullptr : *product;
}

}  // namespace bulkhead::facts
