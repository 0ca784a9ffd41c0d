#include <algorithm>

#include "analysis/model/add_sources.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

// A pattern may match archives unless it ends in a name of its own, as in `*.py`.
bool may_match_archive(std::string_view source) {
  const std::string_view name = source.substr(source.rfind('/') + 1);
  const auto last = name.find_last_of("*?]");
  return last != std::string_view::npos && name.find('.', last) == std::string_view::npos;
}

// Whether variables may make an address or an archive of the name, `value`: not of `target/app-${VERSION}.jar`.
// What ENV says is known.
bool is_hidden(const Word& source, const Value& value) {
  const bool may_be_other =
      !value.known || std::ranges::any_of(value.variables, [&](const std::string& name) {
        const auto definition = source.instruction().definition(name);
        return definition && definition->name().instruction().kind() == Keyword::arg;
      });
  if (!may_be_other) return false;
  const std::string_view text = source.text();
  std::string_view front = text.substr(0, text.find('$'));
  front.remove_prefix(std::min(front.find_first_not_of("\"'"), front.size()));
  const std::size_t last = text.find_last_of("$}");
  const std::string_view back = last == std::string_view::npos ? "" : text.substr(last);
  return front.empty() || front.find_first_of(":@") != std::string_view::npos ||
         back.find(':') != std::string_view::npos || back.find('.') == std::string_view::npos;
}

// Whether what is known of the name ends as that of a file: the default of `ARG JAR_FILE=target/*.jar`.
bool names_kind(const Value& value) {
  const std::string_view name = std::string_view(value.text).substr(value.text.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  return value.known && dot != std::string_view::npos && dot + 1 < name.size() &&
         name.find_first_not_of('.') < dot;
}

// The only reasons to want ADD: it fetches and it unpacks. A variable may hide either.
bool needs_add(const Word& source) {
  const Value value = source.value();
  return (is_hidden(source, value) && !names_kind(value)) || is_remote(value.text) ||
         may_be_archive(value.text) || may_match_archive(value.text);
}

void check(const Add& add, Report& report) {
  const std::vector<Word> sources = add.sources();
  if (sources.empty() || std::ranges::any_of(sources, needs_add)) return;
  for (const std::string_view flag : {"checksum", "keep-git-dir", "unpack"}) {
    if (add.flag(flag)) return;
  }
  const bool may_be_other = std::ranges::any_of(
      sources, [](const Word& source) { return is_hidden(source, source.value()); });
  report.at(add.keyword(), "ADD only copies local files here; COPY does that and nothing else")
      .fix(may_be_other ? Safety::unsafe : Safety::safe, "Replace ADD with COPY",
           replace_keyword(add.keyword(), "COPY"));
}

}  // namespace

extern constinit const Rule add_instead_of_copy{
    .id = "add-instead-of-copy",
    .title = "Local files added with ADD",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"hadolint:DL3020", "trivy:DS-0005", "checkov:CKV_DOCKER_4",
                "kics:add_instead_of_copy", "semgrep:prefer-copy-over-add", "dockle:CIS-DI-0009",
                "cis:4.9", "sonar:S7029", "dockerlint:add", "owasp:9"},
    .why = R"(
`ADD` does more than copy: it downloads what looks like an address and unpacks what turns out to be an
archive. A file that somebody swaps for an archive is then unpacked over the image, links and all, and
nobody sees it in the Dockerfile. `COPY` takes files as they are.

The rule is silent where `ADD` has a reason: an address, a Git repository, an archive, one of
`--checksum`, `--keep-git-dir` and `--unpack`, or a name that a variable or an open pattern (`*`) hides. A variable
in the middle, as in `app-${VERSION}.jar`, hides nothing. Where an `ARG` has a file for its default, as in
`ARG JAR_FILE=target/*.jar`, that counts; the fix is unsafe then, for a build may be given something else.
)",
    .bad = R"(
FROM python:3.14-slim
ADD app.py /app/
)",
    .good = R"(
FROM python:3.14-slim
COPY app.py /app/
)",
    .references = {"https://docs.docker.com/build/building/best-practices/#add-or-copy"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
