#pragma once

#include <string_view>
#include <vector>

#include "analysis/context.h"
#include "analysis/text/snapshot.h"

namespace bulkhead {

// An example in a rule's documentation, and a test fixture, is a Dockerfile, followed where the
// build context matters by other files of it, each under a line `-- path --`. If it begins with such
// a line, it is about that file. A setting stands in such a line as on the
// command line: `-- --trusted-registry=GLOB --`.
struct Example {
  struct File {
    std::string_view path;
    std::string_view text;
  };
  std::string_view name = "Dockerfile";
  std::string_view text = {};
  std::vector<File> files = {};  // the others
  std::vector<std::string_view> trusted_registries = {};

  // The build context that holds all of them, and nothing else; a path that ends in '/' is an empty
  // folder.
  BuildContext build_context() const;

  // What surrounds the first file: the build context, if there are other files or `has_context`, and
  // which of them build one another.
  Context context(ReadSnapshot read, bool has_context = false) const;
};

// Splits `text`, which must outlive the answer. A first line end is left out, so that a raw string
// may begin on a line of its own.
Example parse_example(std::string_view text);

}  // namespace bulkhead
