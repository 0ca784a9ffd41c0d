#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "analysis/facts/files.h"
#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"
#include "analysis/rules/secret_files.h"
#include "analysis/text/line_begin.h"

namespace bulkhead::rules {
namespace {

// A line of the ignore file, as if there were no other.
struct Line {
  IgnorePattern pattern;
  DockerIgnore alone;
};

std::vector<Line> lines_of(std::string_view ignore_file) {
  std::vector<Line> lines;
  for (IgnorePattern& pattern : ignore_patterns(ignore_file)) {
    DockerIgnore alone(pattern.path);
    lines.push_back({std::move(pattern), std::move(alone)});
  }
  return lines;
}

// Whether something below `path` may be sent although the folder is ignored.
bool is_taken_back_below(std::string_view path, const BuildContext& context,
                         const DockerIgnore& ignore, const std::vector<Line>& lines) {
  if (!ignore.takes_back()) return false;
  if (context.truncated) return true;
  const std::string inside = std::string(path) + "/";
  // What the build makes may come there later.
  if (std::ranges::any_of(lines, [&](const Line& line) {
        return line.pattern.takes_back && line.pattern.path.starts_with(inside);
      })) {
    return true;
  }
  auto entry = std::ranges::lower_bound(context.entries, inside, {}, &BuildContext::Entry::path);
  for (; entry != context.entries.end() && entry->path.starts_with(inside); ++entry) {
    if (!entry->folder && !ignore.ignores(entry->path)) return true;
  }
  return false;
}

// Lets `path` pass, which `pattern` keeps out.
TextEdit passing(std::string_view text, const IgnorePattern& pattern, std::string_view path) {
  const Span line = whole_line(text, pattern.span);
  const std::string_view written = text.substr(line.begin, line.size());
  const std::string_view line_end = written.ends_with("\r\n") ? "\r\n" : "\n";
  const std::string exception = "!" + std::string(path);
  if (pattern.path == path) {
    // It and its opposite below it would be two lines without effect.
    const std::string without =
        std::string(text.substr(0, line.begin)) + std::string(text.substr(line.end));
    if (!DockerIgnore(without).ignores(path)) return {line, ""};
    return {pattern.span, exception};
  }
  // Right behind it, so that what is ignored further down stays ignored.
  const bool ends = written.ends_with('\n');
  return {{line.end, line.end},
          ends ? exception + std::string(line_end) : std::string(line_end) + exception + "\n"};
}

// Whether it was kept out for good reason, so that the COPY is what has to go.
bool is_sensitive(std::string_view path) {
  const facts::SensitiveFile* file = facts::sensitive_file(path);
  return secret_file_at(path) != nullptr || (file && file->kind == facts::FileKind::vcs);
}

void check(const Document& document, Report& report) {
  const auto& context = report.context().build;
  if (!context || !context->ignore_file) return;
  const auto& [file, text] = *context->ignore_file;
  const auto& copies = report.view<ContextCopies>(document);
  const DockerIgnore ignore(text);
  const std::vector<Line> lines = lines_of(text);
  for (const NamedCopy& copy : copies.named()) {
    if (copy.instruction.is_trigger() || copy.is_glob || !ignore.ignores(copy.path)) continue;
    if (is_taken_back_below(copy.path, *context, ignore, lines)) continue;
    // The one that decides is the last that matches.
    const auto last = std::find_if(lines.rbegin(), lines.rend(), [&](const Line& line) {
      return !line.pattern.takes_back && line.alone.ignores(copy.path);
    });
    if (last == lines.rend()) continue;
    const Span span = last->pattern.span;
    const std::string keyword(name(copy.instruction.kind()));
    auto finding = report.at(
        copy.source, fmt::format("The build fails here: '{}' in {} keeps {} from the builder",
                                 text.substr(span.begin, span.size()), file, copy.path));
    if (copy.path.find_first_of("\\!# ") != std::string_view::npos || is_sensitive(copy.path))
      continue;
    finding.fix(Safety::unsafe, "Let it pass in " + file,
                Edit{passing(text, last->pattern, copy.path), file});
  }
}

}  // namespace

extern constinit const Rule copy_ignored_file{
    .id = "copy-ignored-file",
    .title = "A copied file is ignored",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"buildkit:CopyIgnoredFile"},
    .why = R"(
What `.dockerignore` keeps out is not sent to the builder, so that for it there is no such file: the build
ends with `"/dist": not found`, although the file is there for everybody to see. This is easily missed where
a wide pattern (`*`, `**/build`) was written long before the `COPY`.

The rule speaks of files and folders that are copied by name, and of a folder only where nothing in it is
taken back by a pattern with `!`. BuildKit's own check warns of such folders as well, although the build
succeeds.

The fix adds an exception right behind the pattern that decides, so that what is ignored further down stays
ignored; a pattern for just this path it takes away instead. It is unsafe: the file may have been kept out on
purpose, and then the `COPY` is what has to go. For credentials, keys and repositories (`.env`, `id_rsa`, `.git`)
there is none, for that is surely so.
)",
    .bad = R"(
FROM nginx:1.29-alpine
COPY dist/ /usr/share/nginx/html/
COPY nginx.conf /etc/nginx/
-- dist/index.html --
-- nginx.conf --
-- .dockerignore --
.git
dist
**/.env
)",
    .good = R"(
FROM nginx:1.29-alpine
COPY dist/ /usr/share/nginx/html/
COPY nginx.conf /etc/nginx/
-- dist/index.html --
-- nginx.conf --
-- .dockerignore --
.git
**/.env
)",
    .references = {"https://docs.docker.com/reference/build-checks/copy-ignored-file/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
