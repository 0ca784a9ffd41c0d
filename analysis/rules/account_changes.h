#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/shell/commands/users.h"

namespace bulkhead::rules {

// What a command of a RUN does to an account.
struct MadeChange {
  Command command;
  shell::AccountChange change;
};

// All that the lineage of `stage` does to accounts in front of the instruction `before`, in the order of
// its stages and in each in that of the text; in branches as well.
std::vector<MadeChange> account_changes(const Stage& stage, std::uint32_t before);

// Whether the stage has the commands of busybox for accounts, as far as its base image tells.
bool has_busybox_accounts(const Stage& stage);

// A command that locks the password of `name`, be it locked already, which `passwd -l` of busybox does not take.
std::string lock_command(const Stage& stage, const std::string& name);

}  // namespace bulkhead::rules
