#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::cli {

inline constexpr std::string_view standard_input = "-";

// A Dockerfile, compose file or ignore file that a command is to look at.
struct Input {
  std::string name;                                 // as it is shown
  std::optional<std::filesystem::path> path;        // none for standard input
  std::optional<std::filesystem::path> context_of;  // the Dockerfile whose build context it has
  bool named = true;  // by the user; else a search has found it, and only a regular file
};

// What an argument means; `stdin_filename` is the path that standard input is taken for, or empty.
Input input_of(const std::string& argument, const std::string& stdin_filename = {});

// The bytes of an input. Throws host::FileError.
std::string read(const Input& input);

}  // namespace bulkhead::cli
