#pragma once

#include "analysis/model/account_origins.h"
#include "analysis/rule.h"

namespace bulkhead::rules {

// The view of a stage for which an edit has only its own instruction read again.
struct StageAccounts : AccountOrigins {
  StageAccounts(const Stage& stage, SharedViews& views)
      : AccountOrigins(stage,
                       [&](const Stage& at) { return views.gathered<BroughtAccounts>(at); }) {}
};

}  // namespace bulkhead::rules
