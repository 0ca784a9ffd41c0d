#include "analysis/rules/variable_settings.h"

namespace bulkhead::rules {
namespace {

void check(const Instruction& instruction, Report& report) {
  report_setting(instruction, report, "NODE_TLS_REJECT_UNAUTHORIZED", "0",
                 "Node.js takes any certificate",
                 "whoever sits in between can read and change what is sent");
}

}  // namespace

extern constinit const Rule node_tls_verify_disabled{
    .id = "node-tls-verify-disabled",
    .title = "Node.js checks no certificates",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_6", "sonar:S4830"},
    .why = R"(
`NODE_TLS_REJECT_UNAUTHORIZED=0` makes every TLS connection of Node.js take any certificate, those of `npm`
among them. The passwords and tokens that are sent, and the packages that come back, are then in the hands of
whoever is on the way. In `ENV` it holds for the shipped image too.

For a certificate of one's own, name the authority: `NODE_EXTRA_CA_CERTS=/usr/local/share/ca.pem`.

The fix takes the variable away. It is unsafe: a connection that only worked because nothing was checked will
fail.
)",
    .bad = R"(
FROM node:26
ENV NODE_ENV=production NODE_TLS_REJECT_UNAUTHORIZED=0
)",
    .good = R"(
FROM node:26
ENV NODE_ENV=production
)",
    .references = {"https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
