#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/rule.h"
#include "analysis/text/span.h"

namespace bulkhead::rules {

// A line `# name = value`, wherever it stands.
struct DirectiveLine {
  std::string name;  // in lower case
  std::string_view value;
  Span line;  // without its line end
  Span name_place;
  Span value_place;
};

// The parser directives as BuildKit reads them, the refused ones included, and the comments that
// look like one and are none.
struct DirectiveLines {
  DirectiveLines(const Document& document, SharedViews& views);
  std::vector<DirectiveLine> read;      // in the unbroken run at the top
  std::vector<DirectiveLine> comments;  // of this form, below the run
  bool has_shebang = false;             // above the run: then `escape` in it is a comment, too
  std::uint32_t end = 0;                // the first byte behind the run
};

bool is_directive(std::string_view name);  // in lower case

}  // namespace bulkhead::rules
