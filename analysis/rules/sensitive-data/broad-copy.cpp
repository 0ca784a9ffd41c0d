#include <algorithm>
#include <optional>

#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"
#include "analysis/rules/context_leaks.h"
#include "analysis/rules/ignored_builds.h"

namespace bulkhead::rules {
namespace {

// What everybody agrees on, as far as none of `builds` needs it.
std::string_view forgotten_by(const DockerIgnore& ignore, const BuildContext& context,
                              const Builds& builds) {
  const auto is_needed = [&](std::string_view path) {
    return std::ranges::any_of(builds,
                               [&](const ContextCopies* copies) { return copies->needs(path); });
  };
  const bool is_env_wanted = ignore.ignores(".env") || ignore.asks_for(".env") ||
                             is_committed(".env", context, ignore) || is_needed(".env");
  if (!is_env_wanted) return ".env";
  if (!ignore.ignores(".git/HEAD") && !is_needed(".git")) return ".git";
  return {};
}

struct Verdict {
  Severity severity;
  std::string message;
};

// None where there is nothing to be said against `copy`, one of `copies`, which takes what `ignored` leaves.
std::optional<Verdict> verdict(const BroadCopy& copy, const ContextCopies& copies,
                               const Builds& builds, const BuildContext& context,
                               const std::string& ignored) {
  std::string message =
      std::string(name(copy.instruction.kind())) + " " + std::string(copy.source.text());
  const std::string patterns = excludes(copy.instruction);
  const DockerIgnore excluded(patterns);
  std::vector<Leak> brought = leaks(context, DockerIgnore(ignored), builds);
  std::erase_if(brought, [&](const Leak& leak) { return excluded.ignores(leak.path); });
  const std::string_view forgotten =
      forgotten_by(DockerIgnore(ignored + "\n" + patterns), context, builds);
  Severity severity = Severity::info;
  if (!brought.empty()) {
    message += " also brings " + described(brought);
    if (std::ranges::any_of(brought, is_grave)) severity = Severity::warning;
  } else if (context.truncated) {
    message += " takes whatever lies in the build context, not all of which could be listed";
    severity = Severity::hint;
  } else if (!forgotten.empty()) {
    message += " takes the whole build context, and " + context.ignore_file->path +
               " does not keep " + std::string(forgotten) + " out of it";
  } else {
    return std::nullopt;
  }
  if (!copies.reaches_image(copy.instruction)) {
    message += "; but this stage is not delivered";
    severity = Severity::hint;
  }
  return Verdict{severity, std::move(message)};
}

void check(const Document& document, Report& report) {
  const auto& copies = report.view<ContextCopies>(document);
  const auto& context = report.context().build;
  if (copies.broad().empty()) return;
  const IgnoredBuilds others(report.context());
  const Builds builds = others.builds_with(copies);
  const BroadCopy* gravest = nullptr;
  std::optional<Verdict> worst;
  for (const BroadCopy& copy : copies.broad()) {
    if (copy.instruction.is_trigger()) {
      report
          .at(copy.source, std::string(name(copy.instruction.kind())) + " " +
                               std::string(copy.source.text()) +
                               " takes whatever lies in the context of a later build")
          .severity(Severity::hint);
    } else if (context && context->ignore_file) {
      auto found = verdict(copy, copies, builds, *context, context->ignore_file->text);
      if (!found || (worst && worst->severity <= found->severity)) continue;
      worst = std::move(found);
      gravest = &copy;
    }
  }
  if (!worst) return;
  Fix fix = keep_out(*context, missing_patterns(*context, context->ignore_file->text, builds));
  report.at(gravest->source, std::move(worst->message))
      .severity(worst->severity)
      .fix(fix.safety, std::move(fix.title), std::move(fix.edits));
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
- a hint where the files end in a stage that is not delivered, where the context could not be listed as a
  whole, and behind `ONBUILD`.

Of several copies it names the gravest. It is silent where `.dockerignore` (or `--exclude`) keeps out `.env`,
`.git` and everything that is there and should not be copied, and where it is not known which folder is the
context. Where there is no such file at all, the rule on that speaks. What another instruction copies by name,
or another Dockerfile of the same context, is not held against the broad one; nor is a file that an exception
(`!.env.production`) asks for, a `.env` with the defaults of a framework, and a file for tests.

This rule speaks for all that a broad copy brings. What comes with a folder that is copied by name is told
by the rules on secrets, version control and backups; what an ignore file lacks is told in that file as well.

The fix completes the ignore file, with nothing that the Dockerfile copies by name, or another one that is built in
the same folder; it is unsafe, for the build may use a file that no instruction names.
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
-- .dockerignore --
**/__pycache__
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
**/__pycache__

# Version control
.git

# Secrets
**/.env

# Backups, data and temporary files
**/*.sql.gz
)",
    .references =
        {"https://docs.docker.com/build/building/best-practices/#exclude-with-dockerignore",
         "https://docs.docker.com/build/concepts/context/#dockerignore-files"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
