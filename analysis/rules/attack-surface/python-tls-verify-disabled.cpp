#include "analysis/rules/variable_settings.h"

namespace bulkhead::rules {
namespace {

void check(const Instruction& instruction, Report& report) {
  report_setting(instruction, report, "PYTHONHTTPSVERIFY", "0", "Python takes any certificate",
                 "whoever sits in between can read and change what is sent");
}

}  // namespace

extern constinit const Rule python_tls_verify_disabled{
    .id = "python-tls-verify-disabled",
    .title = "Python checks no certificates",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_5", "sonar:S4830"},
    .why = R"(
`PYTHONHTTPSVERIFY=0` makes the HTTPS connections of Python's standard library take any certificate. The
passwords and tokens that are sent, and what comes back, are then in the hands of whoever is on the way. In
`ENV` it holds for the shipped image too.

Python 2.7 and what distributions have made of it obey; Python 3 does not, and there the line is only a sign
that somebody wanted it. For a certificate of one's own, name the authority: `SSL_CERT_FILE`,
`REQUESTS_CA_BUNDLE`.

The fix takes the variable away. It is unsafe: a connection that only worked because nothing was checked will
fail.
)",
    .bad = R"(
FROM python:3.14
ENV PYTHONHTTPSVERIFY=0 PYTHONUNBUFFERED=1
)",
    .good = R"(
FROM python:3.14
ENV PYTHONUNBUFFERED=1
)",
    .references = {"https://peps.python.org/pep-0493/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
