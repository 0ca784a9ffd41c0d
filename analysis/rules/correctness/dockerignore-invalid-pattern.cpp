#include <algorithm>
#include <optional>

#include "analysis/facts/files.h"
#include "analysis/ignore_file.h"
#include "analysis/rule.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead::rules {
namespace {

// Of a longer list, which nobody writes by hand, the order is not looked at.
constexpr std::size_t most_in_order = 300;

// The line that a pattern stands on, with its end.
Span line_of(const IgnoreFile& file, const IgnorePattern& pattern) {
  return whole_line(file.text(), pattern.span);
}

std::string replaced(std::string_view text, char from, std::string_view to) {
  std::string out;
  for (const char c : text) out += c == from ? std::string(to) : std::string(1, c);
  return out;
}

bool is_letter_or_digit(char c) {
  return is_letter(c) || is_digit(c);
}

// A '\' in front of a letter: somebody means a folder of Windows.
bool separates_by_backslash(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && is_letter_or_digit(text[i + 1])) return true;
  }
  return false;
}

// Where the comment begins that somebody has put behind a pattern.
std::optional<std::size_t> comment_behind(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '#' && is_blank(text[i - 1])) return i;
  }
  return std::nullopt;
}

// What is wrong with the line as it stands. Returns whether anything is.
bool check_form(const IgnoreFile& file, const IgnorePattern& pattern, Report& report) {
  const std::string written(file.text(pattern.span));
  const std::string line_end(file.line_end());
  const std::string quoted = "'" + written + "'";
  if (pattern.takes_back && pattern.path.empty()) {
    report.at(pattern.span, "A '!' alone is no pattern, and ends the build")
        .severity(Severity::error)
        .fix(Safety::unsafe, "Remove the line", replace(line_of(file, pattern), ""));
    return true;
  }
  if (DockerIgnore::is_malformed(pattern)) {
    if (separates_by_backslash(written)) {
      report
          .at(pattern.span, quoted +
                                " matches nothing of the kind: folders are separated by '/', and "
                                "'\\' only takes the next character as it is")
          .fix(Safety::unsafe, "Separate folders by '/'",
               replace(pattern.span, replaced(written, '\\', "/")));
      return true;
    }
    auto finding = report.at(pattern.span, quoted + " is no pattern, and ends the build");
    finding.severity(Severity::error);
    if (written.find(']') == std::string::npos && written.find('[') != std::string::npos) {
      finding.fix(Safety::unsafe, "Take '[' as it is",
                  replace(pattern.span, replaced(written, '[', "\\[")));
    }
    return true;
  }
  const std::string& path = pattern.path;
  if (path.empty() || path == "." || path == ".." || path.starts_with("../")) {
    report
        .at(pattern.span, quoted + (path.starts_with("..")
                                        ? " matches nothing: what lies above the folder is not sent"
                                        : " matches nothing; all that is in the folder is '*'"))
        .fix(Safety::unsafe, "Remove the line", replace(line_of(file, pattern), ""));
    return true;
  }
  if (written.starts_with('#')) {
    report
        .at(pattern.span,
            "This is a pattern, for a file of that name: a comment begins in the first "
            "column")
        .fix(Safety::unsafe, "Make it a comment",
             replace(Span{line_begin(file.text(), pattern.span.begin), pattern.span.begin}, ""));
    return true;
  }
  if (const auto comment = comment_behind(written)) {
    const std::string kept = written.substr(0, written.find_last_not_of(" \t", *comment - 1) + 1);
    report
        .at(pattern.span,
            quoted + " is one pattern up to its end: a comment needs a line of its own")
        .fix(Safety::unsafe, "Put the comment above",
             replace(pattern.span, written.substr(*comment) + line_end + kept));
    return true;
  }
  if (written.starts_with("// ")) {
    report.at(pattern.span, "This is a pattern: a comment begins with '#'")
        .fix(Safety::unsafe, "Make it a comment",
             replace(Span{pattern.span.begin, pattern.span.begin + 2}, "#"));
    return true;
  }
  const char first = written.front();
  if (written.size() > 2 && (first == '"' || first == '\'') && written.back() == first) {
    report.at(pattern.span, "The quotes are part of the pattern: no file is called " + written)
        .fix(Safety::unsafe, "Take the quotes away",
             replace(pattern.span, written.substr(1, written.size() - 2)));
    return true;
  }
  return false;
}

bool is_plain_path(std::string_view path) {
  return path.find_first_of("*?[\\") == std::string_view::npos;
}

// Whether everything that is in the folder matches.
bool is_everything(const IgnorePattern& pattern) {
  const DockerIgnore alone(pattern.path);
  return pattern.path.find_first_not_of("*/") == std::string::npos && alone.ignores("a") &&
         alone.ignores("a/b");
}

// The last pattern behind `index` that does the opposite of it to the same path. What several files match is
// matched by another one for sure only where that is everything.
const IgnorePattern* undone_by(const IgnoreFile& file, std::size_t index) {
  const auto& patterns = file.patterns();
  const bool is_plain = is_plain_path(patterns[index].path);
  for (std::size_t i = patterns.size(); --i > index;) {
    if (patterns[i].takes_back != patterns[index].takes_back &&
        (is_plain ? DockerIgnore(patterns[i].path).ignores(patterns[index].path)
                  : is_everything(patterns[i]))) {
      return &patterns[i];
    }
  }
  return nullptr;
}

// Packages, and what a program makes beside each of its sources.
bool is_made_everywhere(const facts::SensitiveFile& file) {
  return (file.kind == facts::FileKind::dependency && file.risk == facts::Strength::high) ||
         file.glob == "__pycache__" || file.glob == "*.pyc";
}

// A pattern for one path that those below it leave without effect, or an exception with all ignored below it.
void check_order(const IgnoreFile& file, std::size_t index, const DockerIgnore& all, bool is_first,
                 Report& report) {
  const IgnorePattern& pattern = file.patterns()[index];
  const bool is_plain = is_plain_path(pattern.path);
  if (!is_plain && !pattern.takes_back) return;
  const std::string written = "'" + std::string(file.text(pattern.span)) + "'";
  if (is_plain && all.ignores(pattern.path) != pattern.takes_back) {
    if (pattern.takes_back && is_first) {
      report.at(pattern.span,
                written + " has no effect: no pattern above it ignores anything to take back");
    }
    return;
  }
  const IgnorePattern* other = undone_by(file, index);
  if (!other) return;
  const std::string by = "'" + std::string(file.text(other->span)) + "'";
  auto finding =
      report.at(pattern.span, written + " has no effect: " + by + " below it " +
                                  (pattern.takes_back ? "ignores it again" : "takes it back"));
  finding.related(other->span, "the last pattern that matches counts");
  // Of two that are each other's opposite one is too many, and only the author knows which.
  if (!pattern.takes_back || other->path == pattern.path) return;
  const Span line = line_of(file, *other);
  const bool ends = file.text(line).ends_with('\n');
  const std::string text(file.text(pattern.span));
  const std::string line_end(file.line_end());
  finding.fix(
      Safety::unsafe, "Move it below " + by,
      std::vector{replace(line_of(file, pattern), ""),
                  replace(Span{line.end, line.end}, ends ? text + line_end : line_end + text)});
}

// A name of what comes to be in every folder, written as Git would read it: it says the root alone.
void check_depth(const IgnoreFile& file, const IgnorePattern& pattern, const DockerIgnore& all,
                 Report& report) {
  const auto& context = report.context().build;
  if (!context || pattern.takes_back || pattern.path.find('/') != std::string::npos) return;
  const facts::SensitiveFile* kind = facts::sensitive_file(pattern.path);
  if (!kind || kind->glob != pattern.path || !is_made_everywhere(*kind)) return;
  const DockerIgnore deep("**/" + pattern.path);
  const auto missed = std::ranges::find_if(context->entries, [&](const BuildContext::Entry& entry) {
    return deep.ignores(entry.path) && !all.ignores(entry.path);
  });
  if (missed == context->entries.end()) return;
  const std::string written(file.text(pattern.span));
  const bool has_slash = written.starts_with('/');
  report
      .at(pattern.span,
          "'" + written + "' is about the root folder alone, and lets " + missed->path + " pass")
      .severity(Severity::info)
      .fix(Safety::unsafe, "Write **/ in front",
           replace(pattern.span, "**/" + written.substr(has_slash ? 1 : 0)));
}

void check(const IgnoreFile& file, Report& report) {
  const DockerIgnore all(file.text());
  const bool has_order = file.patterns().size() <= most_in_order;
  bool is_first = true;  // nothing is ignored so far
  for (std::size_t i = 0; i < file.patterns().size(); ++i) {
    const IgnorePattern& pattern = file.patterns()[i];
    if (!check_form(file, pattern, report)) {
      check_depth(file, pattern, all, report);
      if (has_order) check_order(file, i, all, is_first, report);
    }
    is_first = is_first && pattern.takes_back;
  }
}

}  // namespace

extern constinit const Rule dockerignore_invalid_pattern{
    .id = "dockerignore-invalid-pattern",
    .title = "A pattern in an ignore file does not do what it looks like",
    .category = Category::correctness,
    .severity = Severity::warning,
    .why = R"(
An ignore file is read by rules of its own, which are not Git's, and nothing tells when a line has no effect:
what it was to keep out is sent to the builder and gets into the image. The rule finds

- patterns that end the build: a lone `!`, a `[` without its `]`, a `\` at the end (errors);
- patterns that match nothing: `.` and `/`, which are not everything (that is `*`), and paths above the folder;
- `dist # output`, for a comment needs a line of its own, and one with a blank in front of its `#`;
- `// output`, for a comment begins with `#`;
- `__pycache__` and `node_modules` where one lies deeper and is sent: the name alone means the root folder
  (information);
- quotes, which are part of the name, and `src\secret`, for folders are separated by `/` everywhere;
- an exception that a pattern further down ignores again, or with nothing above it to take back from, and a
  pattern that an exception further down takes back: the last pattern that matches counts.

A `/` in front is no fault: `/dist` is the same as `dist`, and both are tied to the root of the context.
What Git ignores at every depth needs `**/` in front here.

The fixes write what must have been meant. They are unsafe, for then the line begins to have an effect.
)",
    .bad = R"(
-- .dockerignore --
.git
!README.md
*.md
)",
    .good = R"(
-- .dockerignore --
.git
*.md
!README.md
)",
    .references = {"https://docs.docker.com/build/concepts/context/#syntax",
                   "https://pkg.go.dev/path/filepath#Match"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
