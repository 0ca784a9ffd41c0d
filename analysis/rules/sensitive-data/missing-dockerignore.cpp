#include <algorithm>

#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"
#include "analysis/rules/context_leaks.h"
#include "analysis/rules/ignored_builds.h"

namespace bulkhead::rules {
namespace {

void check(const Document& document, Report& report) {
  const auto& context = report.context().build;
  if (!context || context->ignore_file) return;
  const auto& copies = report.view<ContextCopies>(document);
  std::vector<BroadCopy> broad = copies.broad();
  std::erase_if(broad, [](const BroadCopy& copy) { return copy.instruction.is_trigger(); });
  if (broad.empty()) return;
  const auto delivered = std::ranges::find_if(
      broad, [&](const BroadCopy& copy) { return copies.reaches_image(copy.instruction); });
  const bool is_delivered = delivered != broad.end();
  const BroadCopy& copy = is_delivered ? *delivered : broad.front();
  std::string message = "No .dockerignore: " + std::string(name(copy.instruction.kind())) + " " +
                        std::string(copy.source.text()) + " takes everything in ";
  message += context->root.empty() ? "the build context" : context->root;
  const IgnoredBuilds others(report.context());
  const Builds builds = others.builds_with(copies);
  std::vector<Leak> found = leaks(*context, DockerIgnore(""), builds);
  const DockerIgnore excluded(excludes(copy.instruction));
  std::erase_if(found, [&](const Leak& leak) { return excluded.ignores(leak.path); });
  if (!found.empty()) message += ", also " + described(found);
  Fix fix = keep_out(*context, missing_patterns(*context, "", builds));
  auto finding = report.at(copy.source, std::move(message));
  finding.severity(is_delivered ? Severity::warning : Severity::info);
  finding.fix(fix.safety, std::move(fix.title), std::move(fix.edits));
}

}  // namespace

extern constinit const Rule missing_dockerignore{
    .id = "missing-dockerignore",
    .title = "The build context has no .dockerignore",
    .category = Category::sensitive_data,
    .severity = Severity::warning,
    .aliases = {"slim:ID.10001"},
    .why = R"(
Without a `.dockerignore` the whole folder goes to the builder, and an instruction such as `COPY . .` puts
it into the image: the history in `.git` with all that was ever committed, the `.env` of whoever builds,
keys, dumps, and `node_modules` of another platform. It need not be there today; the file says what must
never get in.

The rule speaks where a broad copy stands in the Dockerfile, and it is known which folder is the context:
that which a compose file says, or in which most of what the Dockerfile copies by name is found, up to the
root of the repository. Where the copy only gets into stages that are not delivered, this is an `info`.

The fix creates the file: what is in the folder and has no place in an image, and what commonly comes to
be there in a project of this kind. It leaves out nothing that the Dockerfile copies by name, or another one that
is built in the same folder, nor `.git` where a `RUN` asks Git for the version. It is unsafe, for the build may
use a file that no instruction names: read the list before you keep it.
)",
    .bad = R"(
FROM node:26-slim
WORKDIR /app
COPY . .
RUN npm ci
-- package.json --
{}
-- server.js --
-- .env --
-- .git/ --
)",
    .good = R"(
FROM node:26-slim
WORKDIR /app
COPY . .
RUN npm ci
-- package.json --
{}
-- server.js --
-- .env --
-- .git/ --
-- .dockerignore --
# Version control
.git

# Secrets
**/.env
**/.env.*
!**/.env.*example

# Installed or built in the image
**/node_modules

# Not needed in the image
Dockerfile*
)",
    .references = {"https://docs.docker.com/build/concepts/context/#dockerignore-files"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
