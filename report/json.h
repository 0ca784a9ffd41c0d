#pragma once

// Findings for programs. The form is part of the interface of bulkhead; docs/command-line.md tells
// it.

#include <span>
#include <string>

#include "analysis/finding.h"
#include "report/source.h"

namespace bulkhead::report {

// One JSON object for each finding, with ",\n" between them and nothing around: a file's share of
// the array that json_array() makes. Lines and characters are 0-based, characters in UTF-16 units
// as in LSP. What is not UTF-8 becomes U+FFFD.
std::string json_items(const Source& source, std::span<const Finding> findings);

// The array of the items of several files, of which some may be empty.
std::string json_array(std::span<const std::string> items);

}  // namespace bulkhead::report
