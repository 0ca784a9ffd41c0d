#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "report/style.h"

namespace bulkhead::cli {

// What the process says about itself when it ends.
enum ExitCode : int {
  success = 0,
  findings = 1,  // something at or above the fail level is left
  trouble = 2,   // wrong usage, or a file that cannot be read or written
};

// To standard output. A closed pipe ends the process as it does any filter.
void print(std::string_view text);

// To standard error.
void print_error(std::string_view text);

// The same, behind the name of the program and with a line end.
void complain(std::string_view message);

// Complains of each problem once: files share a configuration, and what is wrong with it.
class Complaints {
 public:
  void add(const std::vector<std::string>& problems);

 private:
  std::set<std::string> told_;
};

// Hands on what print() holds back. Complains and fails when it could not all be written.
bool flush_output();

// --color
enum class ColorMode { automatic, always, never };

// The style of standard output: colours on a terminal that has them unless NO_COLOR is set
// (https://no-color.org), as wide as the terminal.
report::Style output_style(ColorMode mode);

}  // namespace bulkhead::cli
