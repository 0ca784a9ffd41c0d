#include "analysis/rule.h"
#include "analysis/text/ascii.h"

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

void check(const ComposeFile& file, Report& report) {
  const yaml::Fault* fault = file.fault();
  if (!fault) return;
  report.at(place_of(file.text(), fault->place),
            "This cannot be read as YAML: " + fault->why + "; nothing in this file was checked");
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
