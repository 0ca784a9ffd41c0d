#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  report_unpinned(command, report, "gem");
}

}  // namespace

extern constinit const Rule unpinned_gem{
    .id = "unpinned-gem",
    .title = "Gem without a version",
    .category = Category::reproducibility,
    .severity = Severity::info,
    .aliases = {"hadolint:DL3028", "kics:gem_install_without_version"},
    .why = R"(
`gem install rails` gives the gem that was pushed last, and the newest of each gem it needs. The next build may
bring a major version that the program does not know, or a release by somebody who should not have been able
to push it.

Say which: `gem install rails:8.1.1`, or `gem install rails -v 8.1.1`. For more than a tool, a `Gemfile.lock`
with `bundle install` in frozen mode holds all versions.

There is no fix, for the Dockerfile does not say which version was meant.
)",
    .bad = R"(
FROM ruby:4.0-slim
RUN gem install --no-document puma
)",
    .good = R"(
FROM ruby:4.0-slim
RUN gem install --no-document puma:7.1.0
)",
    .references = {"https://guides.rubygems.org/command-reference/#gem-install",
                   "https://bundler.io/man/bundle-config.1.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
