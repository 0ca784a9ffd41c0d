#pragma once

// One question for the diagnostics of all files in the workspace, while it is being answered.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/context.h"
#include "analysis/text/snapshot.h"
#include "lsp/document.h"
#include "lsp/json.h"
#include "lsp/protocol.h"

namespace bulkhead::lsp {

// A file as it is on disk.
struct FileOnDisk {
  std::shared_ptr<const Snapshot> snapshot;
  Context context;  // all but the date
};

// What was last told of a file that is not open.
struct ToldOfFile {
  std::vector<Diagnostic> diagnostics;
  std::uint64_t result_id = 0;
  Complaints complaints;
};

// What a search of folders gives.
struct FoundFiles {
  std::vector<std::string> paths = {};
  std::set<std::string> problems = {};  // for the user: folders that could not be read
};

struct WorkspacePull {
  struct File {
    std::string uri;
    std::string path;
    bool is_gone = false;  // or cannot be read
  };

  Json id;  // of the request
  WorkspaceDiagnosticParams params;
  // What the client calls the files, and the result ids that it has of them, by their identities.
  struct Known {
    std::string uri;
    std::string result_id;            // by this question and its answer so far
    std::string told_otherwise = {};  // by the answer to another one
  };
  std::map<std::string, Known> known;

  std::vector<File> files;
  std::size_t next = 0;  // files[next] is to be looked at next

  WorkspaceDiagnosticReport report;
  bool news = false;             // something is not as the client knows it
  bool waiting = false;          // for something to change
  bool outdated = false;         // something has changed since it began
  bool shows_progress = true;    // while it goes through the files for the first time
  std::uint32_t percentage = 0;  // that was last told
};

// The URI of the file at `path`, which lies in the folder that the client calls `folder_uri`, at
// `folder_path`.
std::string uri_in_folder(std::string_view folder_uri, std::string_view folder_path,
                          std::string_view path);

}  // namespace bulkhead::lsp
