#include "analysis/rules/command_options.h"

namespace bulkhead::rules {
namespace {

// rpm -q, -V, -K: nothing is installed.
bool only_looks(const Command& command) {
  return std::ranges::any_of(command.argument_texts(), [](const shell::Argument& text) {
    if (!text || !text->starts_with('-')) return false;
    if (text->starts_with("--")) return is_listed(*text, "--query --verify --checksig");
    return text->find_first_of("qVK") != std::string::npos;
  });
}

void check(const Command& command, Report& report) {
  if (command.name() != "rpm" || only_looks(command)) return;
  report_options(command, report, {.programs = "rpm", .options = "--nosignature --noverify"},
                 "nobody looks at who has made what is installed here");
  report_options(command, report, {.programs = "rpm", .options = "--nodigest --nofiledigest"},
                 "nobody looks at whether what is installed here has arrived whole");
}

}  // namespace

extern constinit const Rule rpm_nosignature{
    .id = "rpm-nosignature",
    .title = "rpm checks no signature or digest",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_10", "cis:4.11"},
    .why = R"(
A package that is fetched from a URL and installed with `--nosignature`, `--nodigest`, `--noverify` or
`--nofiledigest` may have been changed by whoever sits on the way. Its scripts run as root.

Import the key of its maker first: `rpm --import URL`, of a URL with `https`.

The fix takes the option away. It is unsafe: the installation fails until the key is there.
)",
    .bad = R"(
FROM fedora:44
RUN rpm -i --nosignature https://example.com/tool.rpm
)",
    .good = R"(
FROM fedora:44
RUN rpm -i https://example.com/tool.rpm
)",
    .references = {"https://rpm.org/docs/latest/man/rpm.8"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
