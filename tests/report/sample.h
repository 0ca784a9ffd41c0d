#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "analysis/finding.h"
#include "analysis/rule.h"
#include "report/source.h"

namespace bulkhead::report {

inline constexpr Rule add_rule{
    .id = "add-instead-of-copy",
    .title = "Local files added with ADD",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3020", "trivy:DS-0005"},
};

// A file with one place in it.
struct Sample {
  explicit Sample(std::string bytes, std::string name = "api/Dockerfile")
      : text(std::move(bytes)), path(std::move(name)), lines(text) {}

  Source source() const { return {path, text, lines}; }
  // Where `words` first stand.
  Span at(std::string_view words) const {
    const std::size_t begin = text.find(words);
    if (begin == std::string::npos) throw std::invalid_argument("no such words");
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + words.size())};
  }
  Finding finding(Span span, std::string message = "m") const {
    return {.rule = &add_rule,
            .severity = Severity::warning,
            .span = span,
            .message = std::move(message)};
  }
  Finding finding(std::string_view words, std::string message = "m") const {
    return finding(at(words), std::move(message));
  }

  std::string text;
  std::string path;
  Lines lines;
};

}  // namespace bulkhead::report
