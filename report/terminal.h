#pragma once

// Findings for people who read a terminal.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "analysis/finding.h"
#include "report/source.h"
#include "report/style.h"

namespace bulkhead::report {

// Each finding with the lines it is about:
//
//   api/Dockerfile:9:1: warning[rule-id] what is wrong
//     |
//   9 | ADD src /app
//     | ^^^
//     |
//     = help: what a fix does (safe)
//
// Lines and columns are 1-based, columns in characters. An empty line follows each finding.
std::string terminal(const Source& source, std::span<const Finding> findings, const Style& style);

// What a run found, counted.
struct Tally {
  std::size_t files = 0;  // that were read
  std::size_t files_with_findings = 0;
  std::array<std::size_t, 4> findings{};  // by Severity
  std::size_t safe = 0;                   // findings that have a safe fix
  std::size_t unsafe = 0;                 // ... that have fixes, but no safe one

  void add(std::span<const Finding> of_one_file);
  Tally& operator+=(const Tally& other);
  std::size_t total() const;
};

// "12 findings (3 errors, 9 warnings) in 4 files; 5 can be mended with `bulkhead fix`, ...", one
// line.
std::string summary(const Tally& tally, const Style& style);

// "1 file", "2 files".
std::string count(std::size_t number, std::string_view noun);

}  // namespace bulkhead::report
