#pragma once

// Document URIs are opaque keys, compared and sent back as the client wrote them. These look
// into one.

#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::lsp {

// The path that a `file:` URI of this machine names, percent-decoded; none for any other URI, which
// therefore never reaches the disk.
std::optional<std::string> file_path(std::string_view uri);

// The same, cleaned: one path, however a client spells it.
std::optional<std::string> clean_file_path(std::string_view uri);

// What the URI names, however a client spells it: the path of a file, cleaned; of any other the URI itself.
std::string uri_identity(std::string_view uri);

// The last name in the path of any URI, percent-decoded: what its file is called.
std::string file_name(std::string_view uri);

// The URI of `path` (bytes, '/' between names, "../" at most in front), told from the folder that the document
// `uri` lies in. The folder's part stays as the client wrote it.
std::string relative_uri(std::string_view uri, std::string_view path);

}  // namespace bulkhead::lsp
