#pragma once

#include <string>
#include <string_view>

namespace bulkhead {

// The shortest name of the same path, told from the text alone: no empty name, no `.`, no `..` that
// could be resolved, no '/' at the end. "." when nothing is left; a path from the root stays one.
std::string clean_path(std::string_view path);

// The folder that `path` lies in, as it is written, with its '/'; empty where there is none.
std::string_view folder_of(std::string_view path);

// Whether `path` is `folder` or lies below it; both without a '/' at the end, but for the root.
bool is_within(std::string_view path, std::string_view folder);

// Whether it has what patterns have and names seldom: `*`, `?` or `[`.
bool is_pattern(std::string_view path);

// `path` seen from `folder`, which is absolute: both joined and cleaned, or `path` if it is
// absolute.
std::string join_path(std::string_view folder, std::string_view path);

// The way from `folder` to `path`, which are told from one folder or both absolute: "../compose.yaml".
std::string relative_path(std::string_view folder, std::string_view path);

}  // namespace bulkhead
