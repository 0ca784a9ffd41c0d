#pragma once

// Changes of a whole Dockerfile that somebody asks for: there is nothing wrong, but it could be built
// otherwise. Their results are drafts that the author reviews.

#include <optional>
#include <string>
#include <vector>

#include "analysis/context.h"
#include "analysis/finding.h"
#include "analysis/model/document.h"

namespace bulkhead {

struct Refactoring {
  std::string title;  // in the imperative
  std::vector<Edit> edits;
};

// Makes two stages of one that builds a program and runs it: the first builds as before, the second has the
// result, on an image without compilers and build tools, as another user than root. None for a document of
// several stages, and where the language, what is built, or the image to run it on cannot be told.
std::optional<Refactoring> split_stages(const Document& document);

// Replaces `copy`, a COPY of the whole build context, by one of each file and folder that lies there and is
// not ignored, without what has no place in an image. None where not all is known that lies there, or where
// the list would be long.
std::optional<Refactoring> list_copied(const Document& document, const Instruction& copy,
                                       const Context& context);

}  // namespace bulkhead
