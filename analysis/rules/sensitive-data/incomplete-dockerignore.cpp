#include <algorithm>

#include "analysis/rule.h"
#include "analysis/rules/ignored_builds.h"

namespace bulkhead::rules {
namespace {

void check(const IgnoreFile& file, Report& report) {
  const Context& context = report.context();
  if (!keeps_something_out(file) || !context.build) return;  // else it is as good as empty
  const IgnoredBuilds ignored(context);
  if (ignored.takers().empty()) return;
  const std::vector<Leak> all = leaks(*context.build, DockerIgnore(file.text()), ignored.builds());
  for (const IgnoredBuilds::Taker& taker : ignored.takers()) {
    const DockerIgnore excluded(excludes(taker.copy->instruction));
    std::vector<Leak> brought = all;
    std::erase_if(brought, [&](const Leak& leak) { return excluded.ignores(leak.path); });
    if (brought.empty()) continue;
    auto finding = report.at(file.patterns().front().span,
                             "No pattern here keeps out " + described(brought) + ", and " +
                                 taker.text() + " takes the whole folder");
    const std::string patterns = missing_patterns(*context.build, file.text(), ignored.builds());
    if (!patterns.empty()) {
      finding.fix(Safety::unsafe, "Add what is missing",
                  Edit{append_patterns(file.text(), patterns)});
    }
    return;
  }
}

}  // namespace

extern constinit const Rule incomplete_dockerignore{
    .id = "incomplete-dockerignore",
    .title = "The ignore file lets secrets or ballast into the image",
    .category = Category::sensitive_data,
    .severity = Severity::info,
    .aliases = {"dockle:DKL-LI-0003"},
    .why = R"(
An ignore file is written once and then forgotten, while the folder goes on to grow: a `.env.production`, a
key, a dump of the database, another package manager's folder. Each is sent to the builder from then on, and
a `COPY . .` puts it into the image, where whoever gets the image finds it.

The rule speaks in the ignore file, of what is in the folder now, is not ignored, and should not be in an
image; and only where a Dockerfile beside the file copies the whole folder into an image. In that Dockerfile
the same is said of the copy, at the severity that the files deserve.

`*.key` in an ignore file means the files in the root folder alone; `**/*.key` means them all. This is a
common reason for files that "are ignored" to be there.

The fix adds the patterns at the end, nothing among them that a Dockerfile in the folder copies by name. It is
unsafe, for a build may use a file that no instruction names.
)",
    .bad = R"(
-- .dockerignore --
.git
*.key
-- Dockerfile --
FROM python:3.14-slim
WORKDIR /app
COPY . .
-- app.py --
-- .env --
-- certs/server.key --
-- .git/ --
)",
    .good = R"(
-- .dockerignore --
.git
*.key

# Secrets
**/.env
**/*.key
-- Dockerfile --
FROM python:3.14-slim
WORKDIR /app
COPY . .
-- app.py --
-- .env --
-- certs/server.key --
-- .git/ --
)",
    .references = {"https://docs.docker.com/build/concepts/context/#dockerignore-files"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
