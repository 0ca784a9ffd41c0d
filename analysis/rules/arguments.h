#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/finding.h"
#include "analysis/model/document.h"

// What stands behind an instruction's keyword, as BuildKit's own reader takes it apart. Rules that
// tell what the builder refuses must split a text exactly where it does.
namespace bulkhead::rules {

// What the builder refuses is an error; behind ONBUILD only a warning, for this image is still
// built, and those that build on it are not.
Severity fault_severity(const Instruction& instruction);

// All behind the flags, a view into the instruction's joined text, without blanks at both ends.
std::string_view arguments(const Instruction& instruction);

// Where `part`, a view into the joined text, stands in the document.
Span place_of(const Instruction& instruction, std::string_view part);

// `text` split at blanks outside of quotes, as in ENV, LABEL and ARG; quotes and escapes stay. A
// quote that is not closed reaches to the end.
std::vector<std::string_view> quoted_words(std::string_view text, char escape);

// What was meant for a comment behind `least` words or more, up to the end: `# x` of `COPY a b # x`. To the
// builder it is more of the arguments. None in a JSON array.
std::optional<std::string_view> comment_in(const Instruction& instruction, std::size_t least);

// Whether a program is to fill something in here before a builder reads it: {{ }}, <% %>, @@,
// ${templateOption: } of Dev Containers.
bool has_template_mark(std::string_view text);

// Whether the document is the template of a Dockerfile: some line begins with such a mark.
struct TemplateMarks {
  explicit TemplateMarks(const Document& document);
  bool found = false;
};

}  // namespace bulkhead::rules
