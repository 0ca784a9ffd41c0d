#pragma once

// How documents hang together: Dockerfiles, their ignore files, and the compose files that build them.

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "lsp/document.h"

namespace bulkhead::lsp {

using Documents = std::map<std::string, OpenDocument, std::less<>>;  // by URI

// Whether what has happened on the disk to the file at `path` may change what surrounds `document`.
bool is_concerned(const OpenDocument& document, std::string_view path);

// Whether `document` is to be analysed anew now that another one, `changed`, holds something else.
bool is_concerned(const OpenDocument& document, const OpenDocument& changed);

// Whether `edits`, which make `after` of `before`, touch an instruction of a Dockerfile that may name files.
bool may_name_others(const Snapshot& before, const Snapshot& after,
                     std::span<const bulkhead::TextEdit> edits);

// Lets what is `open` beside `document` count as it stands in the editor, not as on the disk.
void read_neighbours(OpenDocument& document, const Documents& open);

// Whether it may have read `other` like that.
bool has_read(const OpenDocument& document, const OpenDocument& other);

}  // namespace bulkhead::lsp
