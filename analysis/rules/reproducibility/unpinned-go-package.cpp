#include <algorithm>
#include <string>

#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

// Inside a module go.mod decides on what has no version; `go get` changes that file.
bool is_decided(const shell::PackageCall& call, const Command& command) {
  const auto& texts = command.argument_texts();
  const bool installs = texts[call.subcommand] != "get";
  return std::ranges::all_of(call.packages, [&](const shell::Package& package) {
    const bool is_module =
        package.name.substr(0, package.name.find('/')).find('.') != std::string::npos;
    return package.pin != shell::Package::Pin::none || !is_module ||
           (installs && package.version.empty());
  });
}

void check(const Command& command, Report& report) {
  const auto unpinned = unpinned_packages(command, "go");
  if (unpinned && !is_decided(unpinned->call, command)) report_unpinned(command, *unpinned, report);
}

}  // namespace

extern constinit const Rule unpinned_go_package{
    .id = "unpinned-go-package",
    .title = "Go program without a version",
    .category = Category::reproducibility,
    .severity = Severity::info,
    .aliases = {"hadolint:DL3062"},
    .why = R"(
`go install example.com/tool@latest` builds what the module's author tagged last, `@main` what was pushed last. What
ends up in the image depends on the day, and a repository that changes hands changes the image.

With `@v1.2.3` or a commit the checksum database of Go makes sure that everybody gets the same. Tools that a
project needs can stand in its `go.mod` (`go get -tool`) and then need no version here.

Silent for `go install` without `@`, where `go.mod` has the say, and for paths. There is no fix: the proxy
knows the versions, not the Dockerfile.
)",
    .bad = R"(
FROM golang:1.26
RUN go install golang.org/x/tools/gopls@latest
)",
    .good = R"(
FROM golang:1.26
RUN go install golang.org/x/tools/gopls@v0.20.0
)",
    .references = {"https://go.dev/ref/mod#go-install"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
