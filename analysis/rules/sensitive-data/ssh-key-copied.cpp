#include "analysis/rule.h"
#include "analysis/rules/secret_files.h"

namespace bulkhead::rules {
namespace {

void check(const Stage& stage, Report& report) {
  report_secret_files(stage, report, SecretFile::Concern::ssh_key);
}

}  // namespace

extern constinit const Rule ssh_key_copied{
    .id = "ssh-key-copied",
    .title = "An SSH key is put into the image",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"dockle:CIS-DI-0010", "cis:4.10", "trivy:DS-0031"},
    .why = R"(
A private key in a layer opens whatever it opens for everybody who can pull the image, and a later `rm` leaves it in
that layer. It makes no difference whether `COPY` brings it or a `RUN` writes it from a variable.

Whoever builds mostly has an agent that knows the key. `RUN --mount=type=ssh` lets one step use it, and the key
never gets near the image: `docker build --ssh default .`. A host key of a server has to be made, or mounted, where
the container runs.

The rule knows the names that OpenSSH and PuTTY give to keys, patterns that begin with these, and `~/.ssh` as a whole.
It is silent for public keys, `known_hosts`, `authorized_keys` and `config`, for samples, and in a build stage of which
nothing that has the key is copied into an image.

The fix takes the key out, with the commands that only prepare it (`chmod 600`), and mounts the agent's socket in each
`RUN` that calls a program which logs in: ssh, git, go, npm and the like. It is unsafe because the build has to be given
the agent. There is none where something else names the file (`ssh -i`), and for whole folders.
)",
    .bad = R"(
# syntax=docker/dockerfile:1
FROM golang:1.26
COPY id_ed25519 /root/.ssh/id_ed25519
RUN chmod 600 /root/.ssh/id_ed25519 && ssh-keyscan git.example.com >> /root/.ssh/known_hosts
RUN git clone git@git.example.com:team/app.git
)",
    .good = R"(
# syntax=docker/dockerfile:1
FROM golang:1.26
RUN ssh-keyscan git.example.com >> /root/.ssh/known_hosts
RUN --mount=type=ssh git clone git@git.example.com:team/app.git
)",
    .references = {"https://docs.docker.com/build/building/secrets/#ssh-mounts"},
    .checks = each<check>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
