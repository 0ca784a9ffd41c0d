#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/engine.h"
#include "analysis/example.h"
#include "analysis/rule.h"

namespace bulkhead::test {

// A file with its context, and with marks for the findings it must have, each in a comment
// under the line it is about; a '#' that touches a caret counts as one:
//
//   ADD app.py /app/
//   #^^ add-instead-of-copy: part of the message
//
// A finding of several lines is marked on its first one. Marks are taken out before the text is
// analysed.
struct Mark {
  std::string rule;
  std::string message;  // a part of it
  Span span;            // in the text without marks; ends with the line where the finding goes on
};

struct Fixture {
  std::string name;  // of the file
  std::string text;  // without marks
  std::vector<Mark> marks;
  Context context;
};

// "Today" in every fixture and example.
inline constexpr std::chrono::year_month_day today{std::chrono::year(2026), std::chrono::month(11),
                                                   std::chrono::day(23)};

// The build context is known where files are listed, or where `has_context` says so.
Fixture parse_fixture(std::string_view text, bool has_context = false);

// What the text must say for its findings to be marked: `text` with the marks of `findings`.
std::string with_marks(std::string_view text, const std::vector<Finding>& findings);

// Only the findings of `rule`.
std::vector<Finding> findings_of(const Rule& rule, const Snapshot& snapshot,
                                 const Context& context);

// The file and those that are created, in the form of an Example.
std::string after_fixes(const Rule& rule, const Snapshot& snapshot, const Context& context);

// Fails the test where a fix of one of `findings` does not what a fix must: its edits do not
// conflict, the result parses, the finding is gone, nothing as grave has come, and mending again
// changes nothing.
void check_fixes(const Rule& rule, const Snapshot& snapshot, const Context& context);

// Fails the test where reading the file through edits gives anything else than reading it
// afresh.
void check_incremental(const Snapshot& snapshot, const Context& context);

std::string read(const std::filesystem::path& path);

}  // namespace bulkhead::test
