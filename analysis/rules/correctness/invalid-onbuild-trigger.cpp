#include <fmt/format.h>

#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/spelling.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

bool is_forbidden(Keyword keyword) {
  return keyword == Keyword::onbuild || keyword == Keyword::from || keyword == Keyword::maintainer;
}

void check(const Onbuild& onbuild, Report& report) {
  // Of ONBUILD ONBUILD ... the outermost says it all.
  if (!onbuild.data().trigger || onbuild.is_trigger()) return;
  const Instruction trigger(onbuild.document(), onbuild.index() + 1);
  const std::string keyword = upper_case(trigger.keyword().text());
  switch (trigger.kind()) {
    case Keyword::onbuild:
      report.at(trigger.keyword(), "ONBUILD cannot hold back another ONBUILD");
      break;
    case Keyword::from:
    case Keyword::maintainer:
      report.at(trigger.keyword(), fmt::format("ONBUILD cannot hold back {}", keyword));
      break;
    case Keyword::unknown: {
      auto nearest = nearest_keyword(keyword);
      if (nearest && is_forbidden(keyword_of(*nearest))) nearest.reset();
      auto finding = report.at(
          trigger.keyword(),
          fmt::format("{} is no instruction{}; images built on this one will fail to build",
                      trigger.keyword().text(), nearest ? fmt::format(", {} is", *nearest) : ""));
      finding.severity(Severity::warning);
      if (!nearest) break;
      finding.fix(Safety::unsafe, fmt::format("Replace with {}", *nearest),
                  replace_keyword(trigger.keyword(), *nearest));
      break;
    }
    default:
      break;
  }
}

}  // namespace

extern constinit const Rule invalid_onbuild_trigger{
    .id = "invalid-onbuild-trigger",
    .title = "ONBUILD with an instruction that it cannot hold back",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"hadolint:DL3043", "dockerlint:onbuild_disallowed",
                "dockerfile-utils:ONBUILD_CHAINING_DISALLOWED",
                "dockerfile-utils:ONBUILD_TRIGGER_DISALLOWED", "tally:invalid-onbuild-trigger"},
    .why = R"(
`ONBUILD` keeps an instruction for the images that will be built on this one. The builder refuses
`ONBUILD`, `FROM` and `MAINTAINER` there.

An instruction that does not exist at all is accepted here, and then breaks every build on top of this
image; hence that is a warning. The fix is the keyword that is spelt most alike, a guess.
)",
    .bad = R"(
FROM node:26-slim
ONBUILD COPPY . /app
)",
    .good = R"(
FROM node:26-slim
ONBUILD COPY . /app
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#onbuild"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
