#include <fmt/format.h>

#include <string_view>

#include "analysis/facts/images.h"
#include "analysis/model/accounts.h"
#include "analysis/rules/installed_packages.h"

namespace bulkhead::rules {
namespace {

// An image that brings compilers anyway has a rule of its own.
bool counts(const Stage& stage) {
  if (!stage.is_shipped()) return false;
  const auto base = base_of(stage);
  const facts::SdkImage* sdk = base ? facts::sdk_image(base->name, base->tag) : nullptr;
  return (!sdk || !sdk->program.empty()) && is_for_production(stage);
}

void check(const Stage& stage, Report& report) {
  if (!counts(stage)) return;
  each_risky(stage, report, facts::PackageKind::build_tool, [&](const RiskyPackages& all) {
    const RiskyPackages found = all.without_used();
    if (found.packages.empty()) return;
    const bool one = found.packages.size() == 1;
    const std::string_view them = one ? "it" : "them";
    report.at(found.span(),
              fmt::format("{} {} in the image that is shipped, but only a build needs "
                          "{}: install {} in another stage, or remove {} in the same RUN",
                          found.names(), one ? "stays" : "stay", them, them, them));
  });
}

}  // namespace

extern constinit const Rule build_tools_in_final_stage{
    .id = "build-tools-in-final-stage",
    .title = "Compilers or headers in what is shipped",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .aliases = {"tally:prefer-multi-stage-build", "cis:4.3", "dockle:CIS-DI-0003", "owasp:13"},
    .why = R"(
A compiler lets an intruder build what no scanner knows, inside the container, against its own libraries. With
headers and build systems it brings hundreds of megabytes, and holes that scanners report for an image that never
compiles anything once it runs.

Compile in a stage of its own and copy the result, or remove the packages in the `RUN` that has installed them:

```dockerfile
RUN apk add --no-cache --virtual .build-deps gcc musl-dev \
    && pip install --no-cache-dir -r requirements.txt \
    && apk del .build-deps
```

The rule looks at stages that may be shipped and start something, unless they are named for development or tests.
It is silent where the packages are removed again, where the container starts one of the tools, and where the
base image is one for builds, which has a rule of its own. Ignore it where the program compiles while it runs.

There is no fix: which of the packages hold libraries that the program needs, and what has to be copied, the
Dockerfile does not say.
)",
    .bad = R"(
FROM python:3.14-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["gunicorn", "app:app"]
)",
    .good = R"(
FROM python:3.14-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY requirements.txt .
RUN pip install --no-cache-dir --prefix=/install -r requirements.txt

FROM python:3.14-slim
COPY --from=build /install /usr/local
CMD ["gunicorn", "app:app"]
)",
    .references = {"https://docs.docker.com/build/building/multi-stage/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
