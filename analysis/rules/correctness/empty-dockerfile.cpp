#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Document& document, Report& report) {
  if (!document.instructions().empty()) return;
  const auto& comments = document.comments();
  report.at(comments.empty() ? Span{} : comments.front(),
            "There is no instruction in this file; a Dockerfile begins with FROM");
}

}  // namespace

extern constinit const Rule empty_dockerfile{
    .id = "empty-dockerfile",
    .title = "No instruction in the file",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"slim:ID.20001", "tally:require-stages"},
    .why = R"(
The builder refuses a file that has only comments and empty lines in it. It needs at least a `FROM`,
which names the image to build on.
)",
    .bad = R"(
# to be written
)",
    .good = R"(
# hello
FROM scratch
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#from"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
