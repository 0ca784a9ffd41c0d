#include <string>

#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

// Whether `text` holds --privileged as a word of its own, and does not say =false.
bool asks_for_privileges(std::string_view text) {
  constexpr std::string_view flag = "--privileged";
  for (auto at = text.find(flag); at != std::string_view::npos; at = text.find(flag, at + 1)) {
    const std::string_view behind = text.substr(at + flag.size());
    const bool ends =
        behind.empty() || behind.find_first_of(" \t\"'\\") == 0 || behind.starts_with("=true");
    if (ends) return true;
  }
  return false;
}

void check(const Label& label, Report& report) {
  for (const Pair& pair : label.pairs()) {
    const auto value = pair.value();
    if (!value || !asks_for_privileges(value->value().text)) continue;
    report.at(pair, "The label " + pair.name().value().text +
                        " tells people to run the container with --privileged");
  }
}

}  // namespace

extern constinit const Rule privileged_run_label{
    .id = "privileged-run-label",
    .title = "A label asks for a privileged container",
    .category = Category::permissions,
    .severity = Severity::warning,
    .enabled = false,
    .aliases = {"dockerfile_lint:privileged_run_container",
                "kics-compose:privileged_containers_enabled"},
    .why = R"(
Some tools take the command to start a container from a label (`RUN`, `INSTALL`), and people copy it. With
`--privileged` the container has all capabilities and all devices of the host: whoever gets into it owns the
machine.

Say which capability or device the program needs: `--cap-add`, `--device`. The rule is off unless asked for,
for a label does nothing by itself; there is no fix, for the right that is needed is not known.
)",
    .bad = R"(
FROM debian:13
LABEL RUN="docker run -d --privileged example/app"
)",
    .good = R"(
FROM debian:13
LABEL RUN="docker run -d --cap-add NET_ADMIN example/app"
)",
    .references =
        {"https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
