#pragma once

#include <cstdint>
#include <string_view>

// Paths of a Unix system that are no place for an application's files.
namespace bulkhead::facts {

enum class PathKind : std::uint8_t {
  root,     // "/" itself
  kernel,   // what the kernel shows as files, and what belongs to it
  system,   // of the distribution
  socket,   // of a service that starts containers
  host,     // what the host keeps for itself; in an image a path like any other
  written,  // the same, but everybody may read it
};

struct SystemPath {
  std::string_view path;  // a glob
  PathKind kind;
  std::string_view what;  // for people to read
};

// What the absolute, clean `path` is, or for `kernel` lies in; null for any other. The folder for
// shared memory, /dev/shm, is an ordinary one. The answer lives as long as the program.
const SystemPath* system_path(std::string_view path);

// Whether the absolute, clean `path` is a folder for temporary files, which every user may write.
bool is_shared_folder(std::string_view path);

// A file or folder that root trusts.
struct TrustedPath {
  enum class Kind : std::uint8_t { file, folder, tree /* with the files right in it */ };
  std::string_view path;
  Kind kind;
  std::string_view gain;  // what whoever may write there can do, as the rest of "can ..."
};

// What the absolute, clean `path` is; null for any other. With `recursive` also the first that lies
// anywhere below it.
const TrustedPath* trusted_path(std::string_view path, bool recursive = false);

// The same for a path of the host that a container is given: those of kinds `host` and `written` count too.
const SystemPath* host_path(std::string_view path);

}  // namespace bulkhead::facts
