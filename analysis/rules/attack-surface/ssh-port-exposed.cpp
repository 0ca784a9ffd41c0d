#include <charconv>
#include <optional>

#include "analysis/rule.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

constexpr int ssh = 22;

struct Ports {
  int first = 0;
  int last = 0;
};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "22", "22/tcp", "20-25"; none for other protocols than TCP.
std::optional<Ports> tcp_ports(std::string_view text) {
  const auto slash = text.find('/');
  if (slash != std::string_view::npos && !equals_ignoring_case(text.substr(slash + 1), "tcp")) {
    return std::nullopt;
  }
  text = text.substr(0, slash);
  const auto dash = text.find('-');
  const auto first = number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : number(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  return Ports{*first, *last};
}

// The range without SSH's port.
std::string without_ssh(const Ports& ports) {
  const auto range = [](int first, int last) {
    if (first > last) return std::string();
    return first == last ? std::to_string(first)
                         : std::to_string(first) + "-" + std::to_string(last);
  };
  const std::string below = range(ports.first, ssh - 1);
  const std::string above = range(ssh + 1, ports.last);
  return below + (below.empty() || above.empty() ? "" : " ") + above;
}

void check(const Expose& expose, Report& report) {
  for (const Word& word : expose.words()) {
    const Value value = word.value();
    const auto ports = value.known ? tcp_ports(value.text) : std::nullopt;
    if (!ports || ssh < ports->first || ports->last < ssh) continue;
    const bool alone = ports->first == ports->last;
    auto finding =
        report.at(word, alone ? std::string("Port 22 is SSH: a container needs no login server")
                              : "The range " + value.text +
                                    " holds port 22, SSH: a container needs no login server");
    if (alone) {
      finding.fix(Safety::unsafe, "Do not expose port 22", remove_word(expose, word));
    } else if (value.variables.empty()) {
      finding.fix(Safety::unsafe, "Leave port 22 out of the range",
                  replace(word, without_ssh(*ports)));
    }
  }
}

}  // namespace

extern constinit const Rule ssh_port_exposed{
    .id = "ssh-port-exposed",
    .title = "SSH port exposed",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"trivy:DS-0004", "checkov:CKV_DOCKER_1", "kics:exposing_port_22", "sonar:S6473"},
    .why = R"(
A login server in a container is one more way in: another daemon to patch, running as root, with keys or
passwords that have to be in the image. To look into a container there is `docker exec` and
`kubectl exec`, with the access control and the log of the platform.

Where the container's purpose is SSH (a Git server, a bastion), let the server listen on a high port as
an ordinary user, or ignore the finding. The fix takes the port away from `EXPOSE` and leaves the server;
it is unsafe, for somebody may publish the port by `docker run -P`.
)",
    .bad = R"(
FROM debian:13
EXPOSE 22 8080
)",
    .good = R"(
FROM debian:13
EXPOSE 8080
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#expose"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
