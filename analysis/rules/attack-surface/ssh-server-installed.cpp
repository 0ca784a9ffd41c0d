#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/facts/programs.h"
#include "analysis/rules/installed_packages.h"
#include "analysis/rules/package_uses.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using facts::RemoteServer;

// A command that starts a server, or has it started.
struct Start {
  Command command;
  const RemoteServer* server;
};

const RemoteServer* started_by(const Command& command) {
  const std::string& name = command.name();
  if (name.empty()) return nullptr;
  const auto& texts = command.argument_texts();
  const auto text = [&](std::size_t i) {
    return i < texts.size() ? texts[i].value_or("") : std::string();
  };
  constexpr std::string_view starting = "start restart enable add";
  if (name == "service" || name == "invoke-rc.d" || name == "rc-service")
    return is_listed(text(1), starting) ? facts::remote_service(text(0)) : nullptr;
  if (name == "systemctl" || name == "rc-update") {
    if (texts.empty() || !is_listed(text(0), starting)) return nullptr;
    for (std::size_t i = 1; i < texts.size(); ++i) {
      if (const RemoteServer* server = facts::remote_service(text(i))) return server;
    }
    return nullptr;
  }
  const auto path = command.word(command.unwrapped().program).text();
  if (path && path->starts_with("/etc/init.d/"))
    return is_listed(text(0), starting) ? facts::remote_service(name) : nullptr;
  // `sshd -t` only reads the configuration.
  return is_listed(text(0), "-t -T -V --version -h --help") ? nullptr : facts::remote_server(name);
}

// The first in what the stage runs when it is built, or as a container.
std::optional<Start> start_in(const Stage& stage) {
  const EffectiveState state = stage.state();
  std::vector<Instruction> runners;
  if (state.entrypoint) runners.push_back(*state.entrypoint);
  if (state.cmd) runners.push_back(*state.cmd);
  for (const Stage& at : stage.lineage()) {
    for (const Run& run : at.all<Run>()) runners.push_back(run);
  }
  for (const Instruction& runner : runners) {
    for (const Command& command : runner.commands()) {
      if (const RemoteServer* server = started_by(command)) return Start{command, server};
    }
  }
  return std::nullopt;
}

void tell(const RiskyPackages& found, const std::optional<Start>& start, Report& report) {
  const facts::RiskyPackage& first = *found.known.front();
  if (!start && !first.instead.empty() && found.packages.size() == 1) {
    const auto& package = found.installation.call->packages[found.packages.front()];
    auto finding =
        report.at(found.span(), fmt::format("{} brings {} as well; {} has the client alone",
                                            package.name, first.what, first.instead));
    finding.severity(Severity::info);
    const auto edit = replace_package(found.installation.command, package, first.instead);
    if (edit && !is_named_later(found, report))
      finding.fix(Safety::unsafe, fmt::format("Install {} instead", first.instead), *edit);
    return;
  }
  auto message = found.described() +
                 " in the image that is shipped: a way into the container, with accounts and holes "
                 "of its own";
  if (start) {
    report.at(found.span(), std::move(message)).related(start->command.span(), "started here");
  } else {
    found.report(report, std::move(message));
  }
}

void check(const Stage& stage, Report& report) {
  if (!stage.is_shipped()) return;
  const auto start = start_in(stage);
  bool is_told = false;
  each_risky(stage, report, facts::PackageKind::remote_server, [&](const RiskyPackages& found) {
    is_told = true;
    tell(found, start, report);
  });
  if (!start || is_told) return;
  report.at(start->command.span(), fmt::format("This starts {}: a way into the container, with "
                                               "accounts and holes of its own",
                                               start->server->what));
}

}  // namespace

extern constinit const Rule ssh_server_installed{
    .id = "ssh-server-installed",
    .title = "Server to log in to the container",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"dockerfile_lint:installing_ssh"},
    .why = R"(
An SSH, Telnet, rsh or FTP server in a container is one more program that answers the network, with passwords or
keys that somebody has to keep, updates that somebody has to make, and host keys that all containers of the
image share. Telnet, rsh and FTP send the password in clear text.

`docker exec -it NAME sh` and `kubectl exec` log in to a container without any of that, and leave a trace;
`docker cp` and volumes carry files.

The rule looks at what may be shipped: packages that install such a server and are not removed again, and
commands that start one. Where a package brings the client as well (`openssh` on Alpine) and nothing starts the
server, it is only worth an `info`: the fix installs the client alone.

Ignore the rule where the server is what the image is for, as for a bastion or a Git server.

The fix takes the package away, where nothing starts the server, and with it the commands that only work on its
files (`mkdir /run/sshd`). There is none where another command needs it, as `ssh-keygen` does. It is unsafe: a
script that is copied into the image may start the server.
)",
    .bad = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends openssh-server squid
CMD ["squid", "-N"]
)",
    .good = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends squid
CMD ["squid", "-N"]
)",
    .references =
        {"https://docs.docker.com/reference/cli/docker/container/exec/",
         "https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/"},
    .checks = each<check>,
    .looks_at_dependents = true,
};

}  // namespace bulkhead::rules
