#include "cli/input.h"

#include <utility>

#include "host/file.h"

namespace bulkhead::cli {

Input input_of(const std::string& argument, const std::string& stdin_filename) {
  if (argument != standard_input) return {argument, argument, argument};
  if (stdin_filename.empty()) return {.name = "<stdin>"};
  return {.name = stdin_filename, .context_of = stdin_filename};
}

std::string read(const Input& input) {
  if (!input.path) return host::read_standard_input(input.name);
  return input.named ? host::read_named_file(*input.path) : host::read_file(*input.path);
}

}  // namespace bulkhead::cli
