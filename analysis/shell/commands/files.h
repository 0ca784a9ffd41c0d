#pragma once

// What commands do to files and folders: cp, mv, install, ln, touch, mkdir, rm, chmod, chown, tee, tar,
// unzip, sed -i, ...; also behind `find ... -exec` and `xargs`.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

// The place of a path: the argument, and its first byte in there ("of=/a": 3).
struct PathAt {
  std::size_t argument = 0;
  std::size_t offset = 0;
};

struct FileChange {
  enum class Kind : std::uint8_t {
    writes,  // makes a file, or gives it new bytes
    makes_folder,
    deletes,
    sets_mode,
    sets_owner,
  };
  // Where the bytes of what is written come from.
  enum class Source : std::uint8_t {
    nothing,  // an empty file: touch
    file,     // `from`: cp, mv, install
    link,     // no bytes, but a name for `from`
    archive,  // `from`, or the input where there is none, is unpacked: tar, unzip
    input,    // tee
    itself,   // the file as it was, changed: sed -i, touch of a file that is there
    program,  // what the program makes of what it does: `openssl ... -out`
  };
  Kind kind = Kind::writes;
  // None where it is not told: the folder that one is in for archives, the input of xargs else.
  std::optional<PathAt> path = {};
  Source source = Source::program;
  std::optional<PathAt> from = {};
  bool into_folder = false;   // the path is a folder, in which the name of `from` stays
  bool maybe_folder = false;  // that, if there is such a folder: `cp a b`
  bool recursive = false;     // and all below it
  bool filtered = false;      // only what is picked among that: `find`
  bool appends = false;       // what was there stays: tee -a
  // As written, where it is told: of the mode and of the owner ("user", "user:group", ":group").
  Argument mode = {};
  Argument owner = {};
};

// What `program` does, given the words behind its name, in the order in which it does it; nothing for a
// program that changes no files, or of which that is not known.
std::vector<FileChange> file_changes(std::string_view program, std::span<const Argument> arguments);

}  // namespace bulkhead::shell
