#pragma once

#include <optional>
#include <string>

#include "analysis/rule.h"
#include "analysis/text/span.h"

namespace bulkhead::rules {

// An account that a stage makes for its process, which then runs as root all the same.
struct UnusedAccount {
  std::string name;
  Span made;          // where it is made
  Stage maker;        // in this stage: the same, or one that it is built on
  Instruction start;  // what starts the process
};

// None where no USER could be missing, or where the account has another purpose: the process is a server
// that leaves root by itself, it is told of the account, or an entry point from outside of the Dockerfile
// may go on as it.
std::optional<UnusedAccount> unused_account(const Stage& stage, const Report& report);

}  // namespace bulkhead::rules
