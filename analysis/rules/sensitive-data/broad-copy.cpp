#include <algorithm>
#include <optional>

#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"
#include "analysis/rules/context_leaks.h"

namespace bulkhead::rules {
namespace {

// What everybody agrees on, as far as the document does not need it.
std::string_view forgotten_by(const DockerIgnore& ignore, const ContextCopies& copies) {
  if (!ignore.ignores(".env") && !copies.needs(".env")) return ".env";
  if (!ignore.ignores(".git/HEAD") && !copies.needs(".git")) return ".git";
  return {};
}

void check(const Document& document, Report& report) {
  const auto& copies = report.view<ContextCopies>(document);
  if (copies.broad().empty()) return;
  const BuildContext* context = report.context().build ? &*report.context().build : nullptr;
  if (context && !copies.fits(*context)) context = nullptr;
  const std::string ignored =
      context && context->ignore_file ? context->ignore_file->text : std::string();
  const std::vector<Leak> all =
      context ? leaks(*context, DockerIgnore(ignored), {&copies}) : std::vector<Leak>();
  std::optional<Fix> fix;
  for (const BroadCopy& copy : copies.broad()) {
    const std::string what =
        std::string(name(copy.instruction.kind())) + " " + std::string(copy.source.text());
    if (!context || copy.instruction.is_trigger()) {
      report.at(copy.source, what + " takes whatever lies in the build context")
          .severity(Severity::hint);
      continue;
    }
    const std::string patterns = excludes(copy.instruction);
    const DockerIgnore excluded(patterns);
    std::vector<Leak> brought = all;
    std::erase_if(brought, [&](const Leak& leak) { return excluded.ignores(leak.path); });
    const std::string_view forgotten =
        forgotten_by(DockerIgnore(ignored + "\n" + patterns), copies);
    std::string message = what;
    Severity severity = Severity::info;
    if (!brought.empty()) {
      message += " also brings " + described(brought);
      if (std::ranges::any_of(brought, is_grave)) severity = Severity::warning;
    } else if (context->truncated) {
      message += " takes whatever lies in the build context, not all of which could be listed";
      severity = Severity::hint;
    } else if (context->ignore_file && !forgotten.empty()) {
      message += " takes the whole build context, and " + context->ignore_file->path +
                 " does not keep " + std::string(forgotten) + " out of it";
    } else {
      continue;
    }
    if (!copies.reaches_image(copy.instruction)) {
      message += ", though only into a stage that is not delivered";
      severity = Severity::hint;
    }
    auto finding = report.at(copy.source, std::move(message)).severity(severity);
    if (!fix) fix = keep_out(*context, missing_patterns(*context, ignored, {&copies}));
    finding.fix(fix->safety, fix->title, fix->edits);
  }
}

}  // namespace

extern constinit const Rule broad_copy{
    .id = "broad-copy",
    .title = "The whole build context is copied",
    .category = Category::sensitive_data,
    .severity = Severity::warning,
    .aliases = {"sonar:S6470"},
    .why = R"(
`COPY . .` takes what somebody's folder happens to hold when the image is built: `.git` with everything
that was ever committed, `.env`, keys, dumps, backups. Whoever gets the image gets them, and a later `rm`
does not take them back.

Copy by name what the program needs (`COPY src/ src/`), or let `.dockerignore` keep out what does not
belong there. How grave it is depends on what is known:

- a warning where files are there that commonly hold secrets, or a repository, and get into an image: by
  the copy itself, or because a later stage takes the folder over;
- information where only backups, databases, large archives or packages are there that the build installs
  itself, or where nothing is there yet that `.dockerignore` would have to keep out, but neither does it
  keep out `.env` and `.git`;
- a hint where the files end in a stage that is not delivered, where the context is not known (an editor
  has no file for it, or nothing that the Dockerfile names is in its folder) or could not be listed as a
  whole, and behind `ONBUILD`.

It is silent where `.dockerignore` (or `--exclude`) keeps out `.env`, `.git` and everything that is there
and should not be copied, and where there is neither such a file nor anything to keep out. What another
instruction copies by name is not held against the broad one.

This rule speaks for all that a broad copy brings. What comes with a folder that is copied by name is told
by the rules on version control and backups; what an ignore file lacks is told in that file as well.

The fix creates the ignore file or completes it, with nothing that the Dockerfile copies by name; it is
unsafe, for the build may use a file that no instruction names.
)",
    .bad = R"(
FROM python:3.14-slim
WORKDIR /app
COPY . .
CMD ["python", "app.py"]
-- app.py --
-- requirements.txt --
-- .env --
-- backup.sql.gz --
-- .git/ --
)",
    .good = R"(
FROM python:3.14-slim
WORKDIR /app
COPY . .
CMD ["python", "app.py"]
-- app.py --
-- requirements.txt --
-- .env --
-- backup.sql.gz --
-- .git/ --
-- .dockerignore --
# Version control
.git

# Secrets
**/.env
**/.env.*
!**/.env.example

# Installed or built in the image
**/__pycache__
**/.venv
**/venv

# Backups, data and temporary files
**/*.sql.gz

# Not needed in the image
Dockerfile*
)",
    .references =
        {"https://docs.docker.com/build/building/best-practices/#exclude-with-dockerignore",
         "https://docs.docker.com/build/concepts/context/#dockerignore-files"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
