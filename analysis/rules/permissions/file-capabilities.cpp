#include <fmt/format.h>

#include <string>

#include "analysis/facts/capabilities.h"
#include "analysis/rule.h"
#include "analysis/shell/commands/capabilities.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  for (const auto& grant : shell::capability_grants(command.name(), command.argument_texts())) {
    const auto arguments = command.arguments();
    const ShellWord word = arguments[grant.argument];
    for (const std::string& name : grant.names) {
      const facts::Capability* capability = facts::dangerous_capability(name);
      if (!capability) continue;
      const std::string what = capability->name == "ALL" ? "all capabilities" : name;
      report
          .at(word, fmt::format("Whoever starts {} gets {}: it can {}",
                                arguments[grant.file].value().text, what, capability->what))
          .origins(command.run(), word.value().variables, "the value comes from here");
      break;
    }
  }
}

}  // namespace

extern constinit const Rule file_capabilities{
    .id = "file-capabilities",
    .title = "A program that gives rights of root to whoever starts it",
    .category = Category::permissions,
    .severity = Severity::info,
    .aliases = {},
    .why = R"(
`setcap` ties some of root's rights to a file: whoever starts it, has them. That is finer than the setuid bit,
but rights such as `cap_setuid`, `cap_dac_override` or `cap_sys_admin` are as good as all of them: with one
fault in that program an ordinary user of the container is root. Interpreters and tools that run other
programs need no fault for it.

`cap_net_bind_service`, for a port below 1024, and `cap_net_raw`, for `ping`, are not reported.

Ignore it where that right is what the program is for: `newuidmap` of a builder that runs without root, a
sniffer of packets. There is no fix, for only its author knows with how few rights the program can do.
)",
    .bad = R"(
FROM debian:13
COPY server /usr/local/bin/
RUN setcap cap_net_bind_service,cap_dac_override=+ep /usr/local/bin/server
USER 10001
CMD ["server"]
)",
    .good = R"(
FROM debian:13
COPY server /usr/local/bin/
RUN setcap cap_net_bind_service=+ep /usr/local/bin/server
USER 10001
CMD ["server"]
)",
    .references = {"https://man7.org/linux/man-pages/man7/capabilities.7.html",
                   "https://man7.org/linux/man-pages/man8/setcap.8.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
