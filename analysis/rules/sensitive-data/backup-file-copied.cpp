#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"
#include "analysis/rules/named_leaks.h"

namespace bulkhead::rules {
namespace {

// What editors and people leave beside a file; an archive or a dump may be what is wanted.
bool is_backup(const facts::SensitiveFile& file) {
  if (file.kind == facts::FileKind::editor) return file.glob == "*.swp" || file.glob == "*.swo";
  return file.kind == facts::FileKind::backup &&
         (file.usual || file.risk >= facts::Strength::medium);
}

void check(const Document& document, Report& report) {
  const auto& copies = report.view<ContextCopies>(document);
  report_named_leaks(document, report,
                     [&](const BuildContext::Entry& entry, const facts::SensitiveFile& file) {
                       return is_backup(file) && !copies.names(entry.path);
                     });
}

}  // namespace

extern constinit const Rule backup_file_copied{
    .id = "backup-file-copied",
    .title = "Backups are copied with a folder",
    .category = Category::sensitive_data,
    .severity = Severity::info,
    .why = R"(
`settings.py.bak`, `index.php~` and `.main.c.swp` are old versions of files that editors and people leave
behind. In an image they are at best ballast. At worst they hold what was taken out of the file on purpose, a
password for instance; and a web server that runs `index.php` hands out `index.php~` as text.

The rule speaks where such files lie in a folder that is copied by name into an image. What a copy of the
whole context brings along is told by the rule on such copies. Archives and dumps of databases are left
alone here: in a folder that somebody names they may be what is wanted.

The fix adds what is there to the ignore file: `**/*.bak`, or the path where something else of that form is
copied by name. It is unsafe, for it takes files out of the image, and only a person knows that nothing
reads them.
)",
    .bad = R"(
FROM php:8.5-apache
COPY src/ /var/www/html/
-- src/index.php --
-- src/settings.php.bak --
-- .dockerignore --
.git
)",
    .good = R"(
FROM php:8.5-apache
COPY src/ /var/www/html/
-- src/index.php --
-- src/settings.php.bak --
-- .dockerignore --
.git
**/*.bak
)",
    .references = {"https://docs.docker.com/build/concepts/context/#dockerignore-files"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
