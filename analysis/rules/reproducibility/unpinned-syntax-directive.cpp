#include "analysis/model/rewrite.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Document& document, Report& report) {
  const auto use = frontend_of(document);
  if (!use || !use->floats()) return;
  const std::string name = use->image.familiar_name();
  auto finding =
      report.at(use->span, name + " without a version may read this file another way tomorrow");
  if (name != "docker/dockerfile") return;
  if (const auto edit = set_tag(*use, "1")) {
    finding.fix(Safety::safe, "Use docker/dockerfile:1", *edit);
  }
}

}  // namespace

extern constinit const Rule unpinned_syntax_directive{
    .id = "unpinned-syntax-directive",
    .title = "Build frontend without a version",
    .category = Category::reproducibility,
    .severity = Severity::hint,
    .enabled = false,
    .aliases = {},
    .why = R"(
Without a tag, or with `latest`, the frontend that reads this file is whatever was pushed last, also a
version 2 that understands it in another way. `docker/dockerfile:1` gets all fixes and new features of
version 1, and breaks nothing; Docker advises to write that.

The fix is safe: today both are the same frontend. For other frontends there is none, for their versions
are not known. The rule is off unless asked for, since so far there has only been version 1.
)",
    .bad = R"(
# syntax=docker/dockerfile
FROM alpine:3.24
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM alpine:3.24
)",
    .references = {"https://docs.docker.com/build/buildkit/frontend/#stable-channel"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
