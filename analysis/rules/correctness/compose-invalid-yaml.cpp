#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "analysis/rule.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead::rules {
namespace {

// From what is written where the fault is to the end of its line; at the end of the text, or of a line, the last
// that is written before.
Span place_of(std::string_view text, std::uint32_t fault) {
  std::size_t end = std::min(text.find('\n', fault), text.size());
  while (end > 0 && is_space(text[end - 1])) --end;
  std::size_t begin = std::min<std::size_t>(fault, end == 0 ? 0 : end - 1);
  while (begin + 1 < end && is_blank(text[begin])) ++begin;
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

// What the line at `place` is indented by, if that has a tab.
std::optional<Span> tabs_in_front(std::string_view text, std::uint32_t place) {
  const std::uint32_t begin = line_begin(text, place);
  const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
  if (text.substr(0, end).find('\t', begin) == std::string_view::npos) return std::nullopt;
  return Span{begin, static_cast<std::uint32_t>(end)};
}

// Keys that a mapping has twice. What stands behind an alias is looked at where its anchor is.
void check_keys(const yaml::Node& node, const ComposeFile& file, Report& report) {
  std::unordered_map<std::string_view, Span> places;
  for (const yaml::Field& field : node.fields) {
    const auto [first, is_new] = places.emplace(field.key.text, field.key.span);
    if (!is_new && field.key.kind == yaml::Node::Kind::scalar) {
      report
          .at(field.key.span,
              "Compose stops here: " + field.key.text + " stands in this mapping already")
          .related(first->second, "here");
    }
    if (!field.is_alias()) check_keys(field.value, file, report);
  }
  for (const yaml::Node& item : node.items) {
    if (item.span.begin >= node.span.begin) check_keys(item, file, report);
  }
}

void check(const ComposeFile& file, Report& report) {
  if (file.root()) check_keys(*file.root(), file, report);
  const yaml::Fault* fault = file.fault();
  if (!fault) return;
  const auto tabs = tabs_in_front(file.text(), fault->place);
  report.at(tabs ? *tabs : place_of(file.text(), fault->place),
            "This cannot be read as YAML: " +
                (tabs ? "a tab stands where only blanks may, in front of the line" : fault->why) +
                "; nothing in this file was checked");
}

}  // namespace

extern constinit const Rule compose_invalid_yaml{
    .id = "compose-invalid-yaml",
    .title = "Compose file that is no YAML",
    .category = Category::correctness,
    .severity = Severity::error,
    .why = R"(
`docker compose` stops at a file that is no YAML, and bulkhead cannot check what it cannot read: neither the
services in it, nor which ports and build contexts the Dockerfiles beside it get from it.

The place is where the parser gave up; the mistake often stands a line or more above it: a bracket or a quote
that is not closed, a line that is not indented as its neighbours, a value with `: ` in it that needs quotes,
a tab.

A key that stands in a mapping twice is no YAML either: compose ends with "mapping key already defined". Two `<<` in
one mapping are written as a list, `<<: [*a, *b]`.

Ignore the rule for a template that becomes YAML later, or better call it otherwise: `compose.yaml.tmpl`.
)",
    .bad = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    command: [serve, --port
)",
    .good = R"(
-- compose.yaml --
services:
  web:
    image: example/web:1
    command: [serve, --port, "8080"]
)",
    .references = {"https://docs.docker.com/reference/compose-file/",
                   "https://yaml.org/spec/1.2.2/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
