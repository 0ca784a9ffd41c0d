#pragma once

// How documents hang together: Dockerfiles, their ignore files, and the compose files that build them.

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "host/context.h"
#include "lsp/document.h"

namespace bulkhead::lsp {

using Documents = std::map<std::string, OpenDocument, std::less<>>;  // by URI

// Whether `path` is part of a commit or of the installation of packages: these are thousands of files that nobody
// looks at.
bool is_left_alone(std::string_view path);

// Whether what has happened on the disk to the files at `paths` may change what surrounds `document`.
bool is_concerned(const OpenDocument& document, std::span<const std::string> paths);

// Whether `document` is to be analysed anew now that another one, `changed`, holds something else; which, as far as
// that is known, names other files than before.
bool is_concerned(const OpenDocument& document, const OpenDocument& changed, bool names_others);

// Whether a compose file that is not among the `open` ones builds `document`.
bool is_built_by_closed(const OpenDocument& document, const Documents& open);

// Whether `edits`, which make `after` of `before`, touch an instruction of a Dockerfile that may name files.
bool may_name_others(const Snapshot& before, const Snapshot& after,
                     std::span<const bulkhead::TextEdit> edits);

// The same of one that has a say in how a container of the image is run.
bool may_concern_services(const Snapshot& before, const Snapshot& after,
                          std::span<const bulkhead::TextEdit> edits);

// Whether `other` is an ignore file in the folder of `document`.
bool is_ignore_file_beside(const OpenDocument& other, const OpenDocument& document);

// Of the `open` files those that may say what surrounds the one at `path`, without itself: in its folder and above.
host::OpenFiles open_around(const std::string& path, const Documents& open);

// Lets what is `open` beside `document` count as it stands in the editor, not as on the disk.
void read_neighbours(OpenDocument& document, const Documents& open);

// Whether it may have read `other` like that.
bool has_read(const OpenDocument& document, const OpenDocument& other);

}  // namespace bulkhead::lsp
