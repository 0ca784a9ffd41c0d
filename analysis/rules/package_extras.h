#pragma once

#include <string_view>

#include "analysis/rule.h"

namespace bulkhead::rules {

// What a package manager installs besides what is asked for and what that depends on, and how it is told
// not to; lists stand between blanks.
struct PackageExtras {
  WordList managers;         // as in shell::PackageCall::manager
  std::string_view files;    // globs of the configuration files...
  std::string_view setting;  // ...and what is off in them
  WordList asked_for;        // an option that asks for them
};

// Reports each call in the RUNs of `stage` that installs packages with them, and adds the option that
// leaves them out, which is never safe. Silent where an option or a file that was written before turns them
// off, or may do so.
void report_extras(const Stage& stage, Report& report, const PackageExtras& extras);

}  // namespace bulkhead::rules
