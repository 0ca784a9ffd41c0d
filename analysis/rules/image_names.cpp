#include "analysis/rules/image_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

// Letters and digits, with '.', '_', "__" or dashes between them.
bool is_path_part(std::string_view part) {
  const auto plain = [](char c) { return is_lower(c) || is_digit(c); };
  for (std::size_t at = 0;;) {
    const std::size_t begin = at;
    while (at < part.size() && plain(part[at])) ++at;
    if (at == begin) return false;
    if (at == part.size()) return true;
    const std::size_t separator = at;
    if (part[at] == '-') {
      while (at < part.size() && part[at] == '-') ++at;
    } else if (part[at] == '.') {
      ++at;
    } else {
      while (at < part.size() && at < separator + 2 && part[at] == '_') ++at;
    }
    if (at == separator) return false;
  }
}

// host, host:port, [::1]:port
bool is_registry(std::string_view text) {
  std::string_view host = text;
  const std::size_t colon = text.rfind(':');
  const bool brackets = text.starts_with('[');
  if (colon != std::string_view::npos && (!brackets || text[colon - 1] == ']')) {
    const std::string_view port = text.substr(colon + 1);
    if (port.empty() || !std::ranges::all_of(port, is_digit)) return false;
    host = text.substr(0, colon);
  }
  if (brackets) {
    if (host.size() < 3 || host.back() != ']') return false;
    return std::ranges::all_of(host.substr(1, host.size() - 2),
                               [](char c) { return is_hex_digit(c) || c == ':'; });
  }
  while (true) {
    const std::size_t dot = host.find('.');
    const std::string_view part = host.substr(0, dot);
    const auto plain = [](char c) { return is_letter(c) || is_digit(c); };
    if (part.empty() || !plain(part.front()) || !plain(part.back())) return false;
    if (!std::ranges::all_of(part, [&](char c) { return plain(c) || c == '-'; })) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

bool is_tag(std::string_view tag) {
  const auto word = is_name_character;
  return !tag.empty() && tag.size() <= 128 && word(tag[0]) &&
         std::ranges::all_of(tag, [&](char c) { return word(c) || c == '.' || c == '-'; });
}

// sha256:0123...
std::optional<std::string> digest_fault(std::string_view digest) {
  struct Algorithm {
    std::string_view name;
    std::size_t digits;
  };
  constexpr std::array algorithms = {Algorithm{"sha256", 64}, Algorithm{"sha384", 96},
                                     Algorithm{"sha512", 128}};
  const std::size_t colon = digest.find(':');
  const auto algorithm = std::ranges::find(algorithms, digest.substr(0, colon), &Algorithm::name);
  if (colon == std::string_view::npos || algorithm == algorithms.end())
    return "has a digest that does not begin with sha256:";
  const std::string_view hex = digest.substr(colon + 1);
  if (hex.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return "has a digest that is not all hexadecimal, in lower case";
  if (hex.size() != algorithm->digits)
    return fmt::format("has a digest of {} digits instead of {}", hex.size(), algorithm->digits);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> image_name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() == 64 &&
      std::ranges::all_of(name, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }))
    return "is the ID of an image; only names can be used here";
  // The first part is a registry if it could not be the name of a repository.
  const std::size_t slash = name.find('/');
  std::string_view rest = name;
  if (slash != std::string_view::npos) {
    const std::string_view first = name.substr(0, slash);
    const bool registry = first == "localhost" || first.find_first_of(".:") != std::string::npos ||
                          std::ranges::any_of(first, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (registry) {
      if (!is_registry(first)) return "begins with a registry that is no host";
      rest = name.substr(slash + 1);
    }
  }
  std::string_view path = rest;
  std::optional<std::string> fault;
  if (const std::size_t at = path.find('@'); at != std::string_view::npos) {
    fault = digest_fault(path.substr(at + 1));
    path = path.substr(0, at);
  }
  if (const std::size_t colon = path.find(':'); colon != std::string_view::npos) {
    const std::string_view tag = path.substr(colon + 1);
    if (tag.empty()) return "has no tag behind its colon";
    if (!is_tag(tag)) return "has a tag that no image can have";
    path = path.substr(0, colon);
  }
  if (path.empty()) return "lacks the name of the image";
  for (std::string_view parts = path;;) {
    const std::size_t end = parts.find('/');
    const std::string_view part = parts.substr(0, end);
    if (part.empty()) return "has an empty part between slashes";
    if (!is_path_part(part)) {
      if (is_path_part(lower_case(part))) return "has capital letters in it";
      return "has characters in it that no image's name has";
    }
    if (end == std::string_view::npos) break;
    parts.remove_prefix(end + 1);
  }
  return fault;
}

FromVariables from_variables(const From& from, const Word& word) {
  FromVariables found;
  for (const std::string& name : word.value().variables) {
    const auto definition = from.definition(name);
    if (!definition && predefined_argument(name) != PredefinedArgument::platform &&
        name != "TARGETSTAGE") {
      found.undefined.push_back(name);
    } else if (definition && !definition->value()) {
      found.without_default.push_back(name);
    }
  }
  return found;
}

}  // namespace bulkhead::rules
