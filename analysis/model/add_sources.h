#pragma once

#include <string_view>

// What ADD makes of its sources, as BuildKit tells them apart.
namespace bulkhead {

// Whether it is fetched: an address of the web, or a Git repository.
bool is_remote(std::string_view source);

// Whether what is fetched is a Git repository: git://, ssh://, user@host:path, or a path on the web that ends
// in `.git`.
bool is_git(std::string_view source);

// Whether the name is that of an archive which ADD unpacks, if it is local: tar, compressed or not. It looks at the
// bytes, so that others may be one.
bool is_archive(std::string_view source);

// Whether the name leaves it open: that of any compressed file.
bool may_be_archive(std::string_view source);

}  // namespace bulkhead
