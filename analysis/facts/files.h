#pragma once

#include <cstdint>
#include <string_view>

#include "analysis/facts/secrets.h"

// What the names of files tell of what is in them.
namespace bulkhead::facts {

enum class FileKind : std::uint8_t {
  secret,  // credentials, or a file that commonly holds some
  vcs,     // version control
  backup,
  data,  // databases and dumps
  temp,  // caches and logs
  editor,
  lock,  // of a running program
  ci,
  docker,      // what describes images
  dependency,  // what a package manager puts into the project
  build_output,
};

// What has to be there for the name to mean that.
enum class FileForm : std::uint8_t { file, folder, any };

struct SensitiveFile {
  std::string_view glob;  // of the name, or of the last names of the path; `*` only
  FileKind kind = FileKind::secret;
  FileForm form = FileForm::any;
  Strength risk = Strength::low;  // of having it in an image
  bool usual = false;             // people commonly list it in .dockerignore
  std::string_view what;
  std::string_view exceptions;  // globs of names that are something else, between commas
};

// What the file or folder at `path` ('/' between names) is, by its last names; null for one that
// tells nothing. The answer lives as long as the program.
const SensitiveFile* sensitive_file(std::string_view path);

// Whether it is a file, and no folder, that programs are known to look for on their own.
bool has_readers(const SensitiveFile& file);
// Whether `program` is one of them.
bool reads(std::string_view program, const SensitiveFile& file);

// What the file is that programs look for where `variable` says; null for a variable that they do not ask.
const SensitiveFile* file_named_by(std::string_view variable);

}  // namespace bulkhead::facts
