#pragma once

// The packages of the distribution that a stage installs. For the files of this folder only.

#include <string>
#include <vector>

#include "analysis/refactorings/build_plan.h"

namespace bulkhead::refactorings {

// Their names, in order.
std::vector<std::string> system_packages(const SingleStage& single);

// Whether a compiler for C is among them, and one for C++.
bool installs_compiler(const SingleStage& single);
bool installs_cxx(const SingleStage& single);

// Those that a program may still need when it runs, for people to read.
std::string installed_libraries(const SingleStage& single);

}  // namespace bulkhead::refactorings
