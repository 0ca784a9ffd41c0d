#include "analysis/rules/command_options.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  report_options(command, report, {.programs = "apk", .options = "--allow-untrusted"},
                 "packages are installed that no trusted key has signed");
}

}  // namespace

extern constinit const Rule apk_allow_untrusted{
    .id = "apk-allow-untrusted",
    .title = "apk installs packages without a trusted signature",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_7", "cis:4.11"},
    .why = R"(
`apk add --allow-untrusted` installs packages and uses indexes that are signed by nobody, or by a key that
is not known. Whoever sits on the way, or runs the mirror, decides what becomes part of the image.

Put the key of the repository into `/etc/apk/keys/` instead. For a package that was built in an earlier stage,
copy its public key along with it.

The fix takes the option away. It is unsafe: the installation fails until the key is there.
)",
    .bad = R"(
FROM alpine:3.24
RUN apk add --allow-untrusted /tmp/tool.apk
)",
    .good = R"(
FROM alpine:3.24
RUN apk add /tmp/tool.apk
)",
    .references = {"https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
