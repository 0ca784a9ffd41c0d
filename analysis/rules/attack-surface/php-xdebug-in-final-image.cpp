#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <vector>

#include "analysis/rules/installed_packages.h"
#include "analysis/rules/package_uses.h"
#include "analysis/rules/workplaces.h"

namespace bulkhead::rules {
namespace {

// `pecl install` and `docker-php-ext-enable` are one finding.
void tell(const std::vector<RiskyPackages>& places, Report& report) {
  const RiskyPackages& first = places.front();
  auto finding =
      report.at(first.span(),
                fmt::format("{} puts Xdebug into the image that is shipped: whoever it takes for "
                            "its debugger can run any PHP there",
                            first.installation.command.name()));
  for (std::size_t i = 1; i < places.size(); ++i) finding.related(places[i].span(), "and here");
  if (auto removal = removal_of(places, report))
    finding.fix(Safety::unsafe, "Remove Xdebug", std::move(removal->edits));
}

void check(const Stage& stage, Report& report) {
  if (!stage.is_shipped() || is_workplace(stage)) return;
  std::map<std::uint32_t, std::vector<RiskyPackages>> places;  // by the stage that they stand in
  each_risky(stage, report, facts::PackageKind::php_debugger, [&](const RiskyPackages& found) {
    places[found.installation.command.run().stage()->index()].push_back(found);
  });
  for (const auto& [index, of_stage] : places) tell(of_stage, report);
}

}  // namespace

extern constinit const Rule php_xdebug_in_final_image{
    .id = "php-xdebug-in-final-image",
    .title = "PHP debugger in what is shipped",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"tally:php/no-xdebug-in-final-image"},
    .why = R"(
Xdebug connects to a debugger, which then reads every variable and evaluates any PHP. With
`xdebug.start_with_request` or `xdebug.discover_client_host` a request from outside can say to whom it connects.
It also makes PHP a good deal slower, and its error pages show the stack with its arguments.

Install it in a stage for development, and build that one with `docker build --target dev`:

```dockerfile
FROM php:8.5-fpm AS app
COPY . /app

FROM app AS dev
RUN pecl install xdebug && docker-php-ext-enable xdebug

FROM app
```

The rule knows `pecl`, `docker-php-ext-install`, `docker-php-ext-enable`, `install-php-extensions` and the
packages of the distributions, in stages that may be shipped. It is silent where a condition decides, such as
`if [ "$XDEBUG" = 1 ]`, in stages that are named for development or tests, and in dev containers, which have
the account `vscode`. Ignore it for an image that is a tool for developers.

The fix takes out all that installs or enables it, and the commands that only write its settings. There is none
where another command needs it (`php -m | grep xdebug`). It is unsafe: settings that are copied may ask for it.
)",
    .bad = R"(
FROM php:8.5-fpm
RUN docker-php-ext-install pdo_mysql && pecl install xdebug-3.5.0 && docker-php-ext-enable xdebug
COPY . /app
)",
    .good = R"(
FROM php:8.5-fpm
RUN docker-php-ext-install pdo_mysql
COPY . /app
)",
    .references = {"https://xdebug.org/docs/step_debug",
                   "https://docs.docker.com/build/building/multi-stage/"},
    .checks = each<check>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
