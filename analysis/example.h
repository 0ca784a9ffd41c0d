#pragma once

#include <string_view>
#include <vector>

#include "analysis/context.h"

namespace bulkhead {

// An example in a rule's documentation, and a test fixture, is a Dockerfile, followed where the
// build context matters by other files of it, each under a line `-- path --`. If it begins with such
// a line, it is about that file.
struct Example {
  struct File {
    std::string_view path;
    std::string_view text;
  };
  std::string_view name = "Dockerfile";
  std::string_view text = {};
  std::vector<File> files = {};  // the others

  // The context that holds all of them, and nothing else; a path that ends in '/'
  // is an empty folder.
  BuildContext context() const;
};

// Splits `text`, which must outlive the answer. A first line end is left out, so that a raw string
// may begin on a line of its own.
Example parse_example(std::string_view text);

}  // namespace bulkhead
