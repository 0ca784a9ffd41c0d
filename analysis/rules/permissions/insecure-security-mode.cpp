#include "analysis/rules/run_flags.h"

namespace bulkhead::rules {
namespace {

void check(const Run& run, Report& report) {
  report_flag(
      run, report, "security", "insecure",
      "This step runs without the build's sandbox, with all the rights of the builder's root");
}

}  // namespace

extern constinit const Rule insecure_security_mode{
    .id = "insecure-security-mode",
    .title = "A build step without a sandbox",
    .category = Category::permissions,
    .severity = Severity::error,
    .aliases = {"sonar:S6502"},
    .why = R"(
`RUN --security=insecure` gives the step the rights of a privileged container: all capabilities, the devices,
no seccomp profile. Whatever runs there, a script of a package among them, can leave the sandbox and take
over the machine that builds, and with it the secrets and images of everyone who builds there.

The builder refuses it unless it was started with the entitlement `security.insecure`. Mostly a smaller right
will do, or the step belongs into a tool outside of the build, such as one that makes file systems. Ignore
the finding for a builder that is thrown away behind each build.

The fix takes the flag away. It is unsafe, for the step may then fail.
)",
    .bad = R"(
FROM debian:13
RUN --security=insecure mount -t tmpfs none /mnt && ./make-image.sh
)",
    .good = R"(
FROM debian:13
RUN mount -t tmpfs none /mnt && ./make-image.sh
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#run---security"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
