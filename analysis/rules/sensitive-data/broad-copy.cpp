#include <algorithm>
#include <optional>

#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"

namespace bulkhead::rules {
namespace {

using Leaks = std::vector<ContextCopies::Leak>;

// ".env, .git, dump.sql and 2 more"
std::string enumerate(const Leaks& leaks) {
  constexpr std::size_t most = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(leaks.size(), most); ++i) {
    const bool last = i + 1 == leaks.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + std::string(leaks[i].path);
  }
  if (leaks.size() > most) text += " and " + std::to_string(leaks.size() - most) + " more";
  return text;
}

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
  const Leaks leaks = context ? copies.leaks(*context) : Leaks();
  std::optional<std::string> ignore_file;  // that the fix creates
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
    Leaks brought = leaks;
    std::erase_if(brought,
                  [&](const ContextCopies::Leak& leak) { return excluded.ignores(leak.path); });
    const bool has_file = context->ignore_file.has_value();
    const std::string_view forgotten = forgotten_by(
        DockerIgnore((has_file ? context->ignore_file->text + "\n" : "") + patterns), copies);
    std::string message = what;
    Severity severity = Severity::info;
    if (!brought.empty()) {
      message += " also brings " + enumerate(brought);
      if (brought.front().file->risk == facts::Strength::high) severity = Severity::warning;
    } else if (context->truncated) {
      message += " takes whatever lies in the build context, which is too large to be listed here";
      severity = Severity::hint;
    } else if (!forgotten.empty()) {
      message += " takes the whole build context, and " +
                 (has_file ? context->ignore_file->path + " does not keep "
                           : std::string("nothing keeps ")) +
                 std::string(forgotten) + " out of it";
    } else {
      continue;
    }
    if (!copies.reaches_image(copy)) {
      message += ", though only into a stage that is not delivered";
      severity = Severity::hint;
    }
    auto finding = report.at(copy.source, std::move(message)).severity(severity);
    if (has_file) continue;
    if (!ignore_file) ignore_file = copies.ignore_file(*context);
    if (!ignore_file->empty()) {
      finding.fix(Safety::unsafe, "Create .dockerignore",
                  create_file(".dockerignore", *ignore_file));
    }
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
- information where only backups, databases or the like are there, or where nothing is there yet that
  `.dockerignore` would have to keep out, but neither does it keep out `.env` and `.git`;
- a hint where the files end in a stage that is not delivered, where the context is not known (an editor
  has no file for it, or nothing that the Dockerfile names is in its folder), and behind `ONBUILD`.

It is silent where `.dockerignore` (or `--exclude`) keeps out `.env`, `.git` and everything that is there
and should not be copied. What another instruction copies by name is not held against the broad one.

Where there is no `.dockerignore`, the fix creates one; it is unsafe, for the build may use a file that no
instruction names. A fix changes the Dockerfile or creates a file, so there is none that completes an
existing `.dockerignore`: the message tells what is missing there.
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
