#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/rule.h"
#include "analysis/shell/commands/packages.h"

namespace bulkhead::rules {

// A call that installs packages by name in whatever version is newest.
struct UnpinnedPackages {
  shell::PackageCall call;
  std::vector<shell::Package> packages;  // those without a version; at least one
};

// None for a call of another manager than `managers`, which stand between blanks, or where each package has
// a version, or a range of them, or a lock file or constraints decide.
std::optional<UnpinnedPackages> unpinned_packages(const Command& command, const WordList& managers);

// "curl and git come in whatever versions are newest on the day of the build: write curl=VERSION"
FindingBuilder report_unpinned(const Command& command, const UnpinnedPackages& unpinned,
                               Report& report);

// Both, for rules that have nothing to add.
void report_unpinned(const Command& command, Report& report, const WordList& managers);

}  // namespace bulkhead::rules
