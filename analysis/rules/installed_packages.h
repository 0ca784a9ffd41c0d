#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/packages.h"
#include "analysis/rule.h"
#include "analysis/shell/commands/packages.h"

namespace bulkhead::rules {

// A call that installs packages for certain, and what of them a stage still has at its end.
struct Installation {
  Command command;
  const shell::PackageCall* call;
  std::vector<std::size_t> kept;  // in call->packages, in order
  // What is known of each of `kept`; null: nothing.
  std::vector<const facts::RiskyPackage*> known = {};
};

// What a stage that may be shipped has installed, those it is built on included.
struct ShippedPackages {
  explicit ShippedPackages(const Stage& stage);

  std::vector<Installation> installations;  // in the order in which they happen
};

// Packages of one kind that a call installs.
struct RiskyPackages {
  const Stage& stage;  // that is shipped with them
  const Installation& installation;
  std::vector<std::size_t> packages;              // in call->packages; at least one
  std::vector<const facts::RiskyPackage*> known;  // what is known of each

  // Those whose programs the stage does not call in ENTRYPOINT, CMD or HEALTHCHECK; may be none.
  RiskyPackages without_used() const;
  // Where the first of them stands.
  Span span() const;
  // The names as the file has them, the first few: "gcc, make and 3 more".
  std::string names() const;
  // The same with what they are: "vim (an editor) and nmap (a port scanner) are", up to the verb.
  std::string described() const;
  // Reports them with a fix that takes them out, which is never safe, unless a later command needs them.
  FindingBuilder report(Report& report, std::string message) const;
};

// Calls `use` for each call that installs packages of that kind, if the stage may be shipped.
void each_risky(const Stage& stage, Report& report, facts::PackageKind kind,
                const std::function<void(const RiskyPackages&)>& use);

// Whether a container of the stage does work of its own: not one that starts nothing, or a prompt, and
// is there to be built on; nor one that is named for development or tests.
bool is_for_production(const Stage& stage);

}  // namespace bulkhead::rules
