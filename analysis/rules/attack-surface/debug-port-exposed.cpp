#include "analysis/rules/exposed_ports.h"

namespace bulkhead::rules {
namespace {

void check(const Expose& expose, Report& report) {
  constexpr unsigned widest = 100;
  report_ports(expose, report, widest, [](const facts::Port& port) {
    return port.kind == facts::PortKind::debug && port.risk >= facts::Risk::medium;
  });
}

}  // namespace

extern constinit const Rule debug_port_exposed{
    .id = "debug-port-exposed",
    .title = "Port of a debugger exposed",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .aliases = {},
    .why = R"(
A debugger runs whatever it is told to inside the process, and asks nobody for a password. `EXPOSE` of its
port says that it listens in the image that is shipped, and `docker run -P` opens it to the network.

Known are the ports of the debuggers of Java (5005), Node.js (9229, 5858), Python (5678), Go (2345) and
PHP (9003), of `adb`, and of Go's profiler. Ports that many other programs use as well (8000, 8787, 9000)
are left alone, and so is a range of more than 100 ports.

Start the debugger in a stage of its own that is not shipped, or by an option of `docker run`. Ignore the
finding in an image that is there for developers. The fix takes the port away; it is unsafe, for another
program may use that number.
)",
    .bad = R"(
FROM node:26
EXPOSE 3000 9229
CMD ["node", "--inspect=0.0.0.0", "server.js"]
)",
    .good = R"(
FROM node:26
EXPOSE 3000
CMD ["node", "--inspect=0.0.0.0", "server.js"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#expose",
                   "https://cwe.mitre.org/data/definitions/489.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
