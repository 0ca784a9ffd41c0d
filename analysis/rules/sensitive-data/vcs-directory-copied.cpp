#include <fmt/format.h>

#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"
#include "analysis/rules/named_leaks.h"

namespace bulkhead::rules {
namespace {

bool is_repository(const facts::SensitiveFile& file) {
  return file.kind == facts::FileKind::vcs && file.risk == facts::Strength::high;
}

void check(const Document& document, Report& report) {
  const auto& copies = report.view<ContextCopies>(document);
  const auto& context = report.context().build;
  const DockerIgnore ignore(context && context->ignore_file ? context->ignore_file->text
                                                            : std::string_view());
  for (const NamedCopy& copy : copies.named()) {
    // Each of them hides, and hardly anything else does that is named.
    if (!copy.path.starts_with('.') && copy.path.find("/.") == copy.path.npos) continue;
    const facts::SensitiveFile* file = facts::sensitive_file(copy.path);
    if (!file || !is_repository(*file) || copy.is_glob || copy.instruction.is_trigger()) continue;
    // Where it is ignored there is no image.
    if (ignore.ignores(copy.path) || !copies.reaches_image(copy.instruction)) continue;
    report.at(
        copy.source,
        fmt::format("{} {} puts the repository, with all that was ever committed, into the image",
                    name(copy.instruction.kind()), copy.path));
  }
  report_named_leaks(
      document, report,
      [](const BuildContext::Entry& entry, const facts::SensitiveFile& file) {
        return entry.folder && is_repository(file);
      },
      ", with all that was ever committed there");
}

}  // namespace

extern constinit const Rule vcs_directory_copied{
    .id = "vcs-directory-copied",
    .title = "A repository is copied into the image",
    .category = Category::sensitive_data,
    .severity = Severity::warning,
    .why = R"(
`.git`, `.hg` and `.svn` hold everything that was ever committed: passwords that were removed years ago,
names and addresses, branches that nobody was meant to see, and in `.git/config` at times a token. Whoever
gets the image can read all of it, and a later `rm` does not take it back. The folder also changes with each
commit, so that no layer behind it is ever found in the cache.

The rule speaks where a repository is copied by name, and where one lies in a folder that is copied by name
(a submodule, a project within a project). What a copy of the whole context brings along is told by the rule
on such copies. It is silent in stages that are not delivered.

A build that asks Git for its version need not copy: `RUN --mount=type=bind,source=.git,target=.git git
describe` sees the repository while it runs, and leaves nothing behind.

For a repository in a copied folder the fix adds it to the ignore file. It is unsafe, for the build may ask
that repository for something. For one that is copied by name there is none: the build would fail.
)",
    .bad = R"(
FROM python:3.14-slim
COPY shop/ /srv/shop/
-- shop/app.py --
-- shop/.git/ --
-- .dockerignore --
.git
)",
    .good = R"(
FROM python:3.14-slim
COPY shop/ /srv/shop/
-- shop/app.py --
-- shop/.git/ --
-- .dockerignore --
.git
**/.git
)",
    .references = {"https://docs.docker.com/build/concepts/context/#dockerignore-files"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
