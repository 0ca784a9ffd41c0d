#pragma once

// What the build of a Dockerfile does (analysis/model/effects.h), for people and for programs.

#include <string>

#include "analysis/model/document.h"
#include "report/style.h"

namespace bulkhead::report {

// A line for each effect, under its layer and stage.
std::string timeline(const Document& document, const Style& style);

// One JSON object a stage, without line ends, joined by commas: see docs/command-line.md.
std::string timeline_json(const Document& document);

}  // namespace bulkhead::report
