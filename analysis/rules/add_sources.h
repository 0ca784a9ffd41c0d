#pragma once

#include <string_view>

// What ADD makes of its sources, by their names.
namespace bulkhead::rules {

// Whether it is fetched: a URL, or a Git repository.
bool is_remote(std::string_view source);

// Whether what is fetched is a Git repository.
bool is_git(std::string_view source);

// Whether the name is that of an archive, which ADD unpacks if it is local.
bool is_archive(std::string_view source);

}  // namespace bulkhead::rules
