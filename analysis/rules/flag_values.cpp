#include "analysis/rules/flag_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "analysis/facts/instructions.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

bool contains(std::string_view set, char c) {
  return set.find(c) != std::string_view::npos;
}

template <std::size_t size>
bool is_one_of(std::string_view text, const std::array<std::string_view, size>& words) {
  return std::ranges::find(words, text) != words.end();
}

// A letter, digit, '_', '-' or one of `more`; at least one.
bool is_name(std::string_view text, std::string_view more) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    const char lower = lower_case(c);
    return (lower >= 'a' && lower <= 'z') || is_digit(c) || c == '_' || c == '-' ||
           contains(more, c);
  });
}

}  // namespace

std::optional<std::string> duration_fault(std::string_view text) {
  struct Unit {
    std::string_view name;
    double milliseconds;
  };
  constexpr std::array units = {Unit{"ns", 1e-6},        Unit{"us", 1e-3}, Unit{"\xC2\xB5s", 1e-3},
                                Unit{"\xCE\xBCs", 1e-3}, Unit{"ms", 1},    Unit{"s", 1e3},
                                Unit{"m", 6e4},          Unit{"h", 3.6e6}};
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return std::nullopt;
  if (rest.empty()) return "is no duration";
  double total = 0;
  while (!rest.empty()) {
    std::size_t digits = 0;
    const std::size_t size = std::min(rest.find_first_not_of("0123456789."), rest.size());
    const std::string number(rest.substr(0, size));
    for (const char c : number) digits += is_digit(c) ? 1 : 0;
    if (digits == 0 || std::ranges::count(number, '.') > 1) return "is no duration";
    rest.remove_prefix(size);
    const std::size_t letters = std::min(rest.find_first_of("0123456789."), rest.size());
    const std::string_view unit = rest.substr(0, letters);
    if (unit.empty()) return fmt::format("lacks a unit behind {}, such as s or m", number);
    const auto found = std::ranges::find(units, unit, &Unit::name);
    if (found == units.end())
      return fmt::format("has the unit {}; there are h, m, s, ms, us and ns", unit);
    total += std::strtod(number.c_str(), nullptr) * found->milliseconds;
    rest.remove_prefix(letters);
  }
  constexpr double longest = 9223372036854.775;  // 64 bits of nanoseconds
  if (total > longest) return "is too long";
  if (total != 0 && (negative || total < 1)) return "is shorter than a millisecond";
  return std::nullopt;
}

std::optional<std::string> mode_fault(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const bool octal = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '7'; });
  if (octal || is_digit(text[0])) {
    const std::size_t first = text.find_first_not_of('0');
    const std::size_t size = first == std::string_view::npos ? 0 : text.size() - first;
    if (octal && size <= 4) return std::nullopt;
    return "is no mode: up to four octal digits, or letters such as u=rwX,go=rX";
  }
  // Clauses of who, then operators with permissions each.
  std::string_view rest = text;
  while (true) {
    while (!rest.empty() && contains("augo", rest[0])) rest.remove_prefix(1);
    if (rest.empty() || !contains("+-=", rest[0])) break;
    while (!rest.empty() && contains("+-=", rest[0])) {
      rest.remove_prefix(1);
      while (!rest.empty() && contains("rwxXstugo", rest[0])) rest.remove_prefix(1);
    }
    if (rest.empty()) return std::nullopt;
    if (rest[0] != ',') break;
    rest.remove_prefix(1);
  }
  return "is no mode: up to four octal digits, or letters such as u=rwX,go=rX";
}

std::optional<std::string> platform_fault(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::string_view rest = text;;) {
    const std::size_t slash = rest.find('/');
    parts.push_back(rest.substr(0, slash));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (parts.size() > 3) return "has more parts than system/architecture/variant";
  std::string_view system = parts[0];
  // windows(10.0.17763+feature)
  if (const std::size_t open = system.find('('); open != std::string_view::npos) {
    const std::string_view options = system.substr(open + 1);
    if (!options.ends_with(')') ||
        (options.size() > 1 && !is_name(options.substr(0, options.size() - 1), ".%+")))
      return "has a version in brackets that is none";
    system = system.substr(0, open);
  }
  if (!is_name(system, "")) return "has no system in front, such as linux";
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!is_name(parts[i], ".")) return "has an empty part, or characters that no platform has";
  }
  if (parts.size() > 1) return std::nullopt;
  if (facts::is_platform_part(system)) return std::nullopt;
  return "is no system and no architecture that is known; platforms are written linux/arm64";
}

bool is_url(std::string_view source) {
  constexpr std::array<std::string_view, 5> starts = {"http://", "https://", "git://", "ssh://",
                                                      "git@"};
  return std::ranges::any_of(starts,
                             [&](std::string_view start) { return source.starts_with(start); });
}

bool is_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 12> words = {"1", "t", "T", "true",  "TRUE",  "True",
                                                      "0", "f", "F", "false", "FALSE", "False"};
  return is_one_of(text, words);
}

bool is_unsigned(std::string_view text, int base) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

bool is_size(std::string_view text) {
  const std::size_t last = text.find_last_of("0123456789. ");
  if (last == std::string_view::npos) return false;
  const std::string number(text.substr(0, text[last] == ' ' ? last : last + 1));
  std::string unit = lower_case(text.substr(last + 1));
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  const bool plain = number.find_first_not_of("0123456789.eE+-") == std::string::npos;
  if (number.empty() || !plain || *end != '\0' || value < 0 || !std::isfinite(value)) return false;
  if (unit.empty() || unit == "b") return true;
  if (!contains("kmgtp", unit[0])) return false;
  unit.erase(0, 1);
  return unit.empty() || unit == "b" || unit == "ib";
}

bool has_name(std::string_view owner) {
  const std::size_t colon = owner.find(':');
  const auto is_id = [](std::string_view text) {
    if (text == "root") return true;
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return is_unsigned(text, 10) && (text.size() < 10 || text <= "2147483647");
  };
  if (!is_id(owner.substr(0, colon))) return !owner.substr(0, colon).empty();
  const std::string_view group = colon == std::string_view::npos ? "" : owner.substr(colon + 1);
  return !group.empty() && !is_id(group);
}

bool is_linked(const Instruction& instruction) {
  const auto link = instruction.flag("link");
  const auto setting = link ? link->value() : std::nullopt;
  return link && (!setting || equals_ignoring_case(setting->text(), "true"));
}

bool lacks_flag_value(const Instruction& instruction) {
  const auto known = facts::flags_of(name(instruction.kind()));
  return std::ranges::any_of(instruction.flags(), [&](const Flag& flag) {
    const auto fact = std::ranges::find(known, flag.name().text(), &facts::Flag::name);
    return fact != known.end() && fact->kind != facts::FlagKind::boolean && !flag.value();
  });
}

std::optional<std::vector<CsvField>> csv_fields(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::vector<CsvField> fields;
  std::size_t at = 0;
  while (true) {
    CsvField field{.text = {}, .begin = at, .end = at};
    if (at < text.size() && text[at] == '"') {
      for (++at;; ++at) {
        if (at >= text.size()) return std::nullopt;
        if (text[at] != '"') {
          field.text += text[at];
        } else if (at + 1 < text.size() && text[at + 1] == '"') {
          field.text += text[++at];
        } else {
          break;
        }
      }
      ++at;
      field.end = at;
      fields.push_back(std::move(field));
      if (at == text.size()) return fields;
      if (text[at] != ',') return std::nullopt;
    } else {
      field.end = std::min(text.find(',', at), text.size());
      field.text = text.substr(at, field.end - at);
      if (field.text.find('"') != std::string::npos) return std::nullopt;
      at = field.end;
      fields.push_back(std::move(field));
      if (at == text.size()) return fields;
    }
    ++at;
  }
}

}  // namespace bulkhead::rules
