#pragma once

// Reading and writing whole files. Errors are exceptions whose text is meant for the user.

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bulkhead::host {

// A file could not be read or written; what() reads "cannot read api/Dockerfile: permission
// denied".
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// No Dockerfile is larger; what is, is a mistake or an attack.
inline constexpr std::uint64_t max_file_size = 64 * 1024 * 1024;  // bytes
// Nor is one larger that is read for what it says of another.
inline constexpr std::uint64_t max_nearby_size = 1024 * 1024;

// The bytes of a regular file, whatever they are. Throws FileError for what cannot be read, more than
// `most` bytes, and anything else: whoever waits for a pipe may wait for ever.
std::string read_file(const std::filesystem::path& path, std::uint64_t most = max_file_size);

// The same of one that the user has named: pipes and devices are read up to their end.
std::string read_named_file(const std::filesystem::path& path);

// The bytes of standard input; `name` stands for it in a FileError.
std::string read_standard_input(std::string_view name);

// Replaces the contents of the file in one step: whoever reads it sees the old bytes or the new
// ones. Keeps the mode of the file that was there; a symbolic link stays and its target is written.
// Throws FileError.
void write_file(const std::filesystem::path& path, std::string_view bytes);

// Writes a file that must not be there yet. Throws FileError, also when it is.
void create_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace bulkhead::host
