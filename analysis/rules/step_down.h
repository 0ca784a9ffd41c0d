#pragma once

#include "analysis/rule.h"

namespace bulkhead::rules {

// Whether the stage brings or calls a tool whose only purpose is to go on as another user: gosu,
// su-exec, setpriv ... Its entry point then starts as root to leave root.
bool steps_down(const Stage& stage, const Report& report);

}  // namespace bulkhead::rules
