#pragma once

#include <span>
#include <string_view>

#include "analysis/text/word_list.h"

// Tools that report to their makers how they are used, and the variables that stop them.
namespace bulkhead::facts {

struct TelemetrySwitch {
  std::string_view tool;  // for people to read: "Next.js"
  WordList programs;      // that report, between blanks
  WordList packages;      // that bring such a program, between blanks, as their manager names them
  std::string_view variable;
  std::string_view value;
  std::string_view also;  // other variables that stop it as well, between blanks
};

// Lives as long as the program.
std::span<const TelemetrySwitch> telemetry_switches();

}  // namespace bulkhead::facts
