#pragma once

#include <string>
#include <vector>

#include "analysis/facts/ports.h"
#include "analysis/rule.h"

namespace bulkhead::rules {

// A word of EXPOSE whose value is known.
struct ExposedPorts {
  Word word;
  Value value;
  unsigned first = 0;
  unsigned last = 0;  // not less than `first`
  bool udp = false;   // else TCP

  unsigned count() const { return last - first + 1; }
};

// What `expose` names, in order: "22", "22/tcp", "20-25/udp", and 22 of "2222:22". Other protocols are left out.
std::vector<ExposedPorts> exposed_ports(const Expose& expose);

// The port of administration among those that `service` publishes with `port`, or null: not where only this machine
// reaches it, nor where it is what the image is for. Others use some of the numbers as well: these have a low
// risk.
const facts::Port* published_administration(const PublishedPort& port, std::string_view image);

// "port 22 (SSH): a container needs no login server"
std::string described(const facts::Port& port);

// Reports each word of `expose` that holds ports that `unwanted` picks, with a fix that leaves these
// out. Of ranges of more than `widest` ports, which hold any port by chance, nothing is said.
void report_ports(const Expose& expose, Report& report, unsigned widest,
                  bool (*unwanted)(const facts::Port& port));

}  // namespace bulkhead::rules
