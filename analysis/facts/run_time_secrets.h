#pragma once

#include <string>
#include <string_view>

// How images take secrets while they run.
namespace bulkhead::facts {

struct FileVariables {
  std::string_view image;      // the name, or a glob
  std::string_view variables;  // globs between blanks
  std::string_view suffix;     // "_FILE"
};

// The variable that names a file with the value of `variable`, where the image knows such a one;
// empty otherwise. `image` is the name as written: "postgres".
std::string file_variable(std::string_view image, std::string_view variable);

}  // namespace bulkhead::facts
