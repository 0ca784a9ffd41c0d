#pragma once

#include <string>
#include <string_view>

#include "analysis/model/word.h"

namespace bulkhead {

// Whether a path does not depend on the folder one is in. Those of Windows count, with a drive or
// with backslashes.
bool is_absolute(std::string_view path);

// `path` without ".", "..", empty parts and a '/' at the end; that of a Windows path stays.
std::string normalized(std::string_view path);

// `path` as seen from `folder`: absolute where one of them is, and normalized. Known where what counts
// of them is; a variable that is not known stays as "${NAME}", which may hide a root.
Value joined(const Value& folder, const Value& path);

// The last part of a path: "b" of "/a/b" and "/a/b/".
std::string_view file_name(std::string_view path);

}  // namespace bulkhead
