#pragma once

// Plans for languages whose programs are not linked but come as folders. For the files of this folder only.

#include "analysis/refactorings/build_plan.h"

namespace bulkhead::refactorings {

std::optional<BuildPlan> plan_node(const SingleStage& single);
std::optional<BuildPlan> plan_python(const SingleStage& single);

}  // namespace bulkhead::refactorings
