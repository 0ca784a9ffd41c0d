#include "analysis/rule.h"
#include "analysis/rules/ignored_builds.h"

namespace bulkhead::rules {
namespace {

void check(const IgnoreFile& file, Report& report) {
  const Context& context = report.context();
  if (keeps_something_out(file) || !context.build) return;
  const IgnoredBuilds ignored(context);
  if (ignored.takers().empty()) return;
  const Span place = file.patterns().empty() ? Span{} : file.patterns().front().span;
  const std::string patterns = missing_patterns(*context.build, "", ignored.builds());
  auto finding =
      report.at(place, "No pattern here keeps anything out: " + ignored.takers().front().text() +
                           " takes the whole folder");
  if (!patterns.empty()) {
    finding.fix(Safety::unsafe, "Fill the file for this project",
                Edit{append_patterns(file.text(), patterns)});
  }
}

}  // namespace

extern constinit const Rule empty_dockerignore{
    .id = "empty-dockerignore",
    .title = "The ignore file keeps nothing out",
    .category = Category::sensitive_data,
    .severity = Severity::warning,
    .aliases = {"slim:ID.10002"},
    .why = R"(
An ignore file without a pattern is as good as none: the whole folder goes to the builder, and a `COPY . .`
puts it into the image, with `.git`, `.env`, keys, dumps, and packages of another platform. It also hides
that there is none, for tools and people who look whether the file is there. Comments are no patterns, and
exceptions (`!name`) only take back what a pattern above them ignores.

The rule speaks in the ignore file, where a Dockerfile beside it copies the whole folder into an image.

The fix fills the file with what is in the folder and has no place in an image, and with what commonly
comes to be there in a project of this kind. It leaves out nothing that a Dockerfile in the folder copies by
name. It is unsafe, for a build may use a file that no instruction names: read the list before you keep it.
)",
    .bad = R"(
-- .dockerignore --
# To do
-- Dockerfile --
FROM node:26-slim
WORKDIR /app
COPY . .
RUN npm ci
-- package.json --
{}
-- .git/ --
)",
    .good = R"(
-- .dockerignore --
# To do
# Version control
.git

# Secrets
**/.env
**/.env.*
!**/.env.*example

# Installed or built in the image
**/node_modules

# Not needed in the image
.dockerignore
Dockerfile*
-- Dockerfile --
FROM node:26-slim
WORKDIR /app
COPY . .
RUN npm ci
-- package.json --
{}
-- .git/ --
)",
    .references = {"https://docs.docker.com/build/concepts/context/#dockerignore-files"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
