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
  const shell::PackageCall*
      call;  // its identity, too: stages that are built on the same one share it
  std::vector<std::size_t> kept;  // in call->packages, in order
};

// What the stages that may be shipped have installed, those they are built on included.
struct ShippedPackages {
  explicit ShippedPackages(const Document& document);

  struct Of {
    Stage stage;
    std::vector<Installation> installations;  // in the order in which they happen
  };
  std::vector<Of> stages;
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

// Calls `use` once for each call that installs packages of that kind in a stage for which `counts` holds.
void each_risky(const Document& document, Report& report, facts::PackageKind kind,
                const std::function<bool(const Stage&)>& counts,
                const std::function<void(const RiskyPackages&)>& use);

// Whether a container of the stage does work of its own: not one that starts nothing, or a prompt, and
// is there to be built on; nor one that is named for development or tests.
bool is_for_production(const Stage& stage);

}  // namespace bulkhead::rules
