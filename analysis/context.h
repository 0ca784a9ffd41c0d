#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/config.h"
#include "analysis/text/port_range.h"

namespace bulkhead {

class ComposeFile;
class Document;

// What lies in the folder that is sent to the builder, as far as the host has listed it.
struct BuildContext {
  struct Entry {
    std::string path;        // from the context's root, '/' between names, no leading one
    std::uint64_t size = 0;  // bytes; 0 for a folder
    bool folder = false;
    bool harmless = false;  // the host has looked into it: no secret is there

    bool operator==(const Entry&) const = default;
  };

  std::vector<Entry> entries;  // sorted by path, before any ignore file is applied
  bool truncated = false;      // the host stopped early: what is not in `entries` may still exist

  // The way to the context's root from the folder of the file that this is about, with a '/' at its end:
  // "../"; empty where they are one.
  std::string root = {};

  // Of what the Dockerfile names, from the context's root: what git ignores, and the build may find there
  // or not.
  std::vector<std::string> ignored_by_git = {};

  // The ignore file that the builder would use (`<Dockerfile name>.dockerignore` beside the Dockerfile wins
  // over `.dockerignore` in the context's root): its path from the folder of the file that this is about,
  // and its text. None when there is neither.
  struct IgnoreFile {
    std::string path;
    std::string text;

    bool operator==(const IgnoreFile&) const = default;
  };
  std::optional<IgnoreFile> ignore_file = {};

  bool operator==(const BuildContext&) const = default;
};

// A service of a compose file that builds an image from a Dockerfile.
struct BuildingService {
  std::string file;    // the compose file, from the folder of the Dockerfile
  std::string name;    // of the service
  std::string target;  // the stage that it builds; empty for the last one

  struct Port {
    PortRange range;
    std::string protocol = "tcp";  // in lower case

    bool operator==(const Port&) const = default;
  };
  std::vector<Port> ports;  // of the container, that it publishes; empty where not all are known
  std::string context =
      {};  // the way to it from the folder of the Dockerfile, as BuildContext::root
  bool has_arguments =
      false;  // it sets some: an ARG may have another value than the Dockerfile says

  bool operator==(const BuildingService&) const = default;
};

// The Dockerfile that a service of a compose file is built from.
struct BuiltImage {
  std::string service;
  std::string file;    // the Dockerfile, from the folder of the compose file
  std::string target;  // as above
  std::shared_ptr<const Document> dockerfile = {};
  bool has_arguments = false;  // as above
};

// A Dockerfile that is built in the same folder.
struct NearbyDockerfile {
  std::string file;  // from the folder of the file that this is about
  std::shared_ptr<const Document> dockerfile;
};

// Facts from outside the document. What is absent is unknown, and a rule that needs it stays
// silent.
struct Context {
  std::optional<std::chrono::year_month_day> today;  // for end-of-life dates
  std::optional<BuildContext> build;
  std::vector<BuildingService> built_by;  // for a Dockerfile, as far as compose files were found
  std::vector<BuiltImage> builds;         // for a compose file, as far as there are Dockerfiles
  // For an ignore file: those whose builds it is for; for a Dockerfile: the others of its context that have,
  // or would have, the same ignore file.
  std::vector<NearbyDockerfile> dockerfiles;
  // Where images may come from, as the user has said: globs of registries ("registry.example.com") or,
  // with a '/', of registries and repositories ("docker.io/library/*"). Empty: nothing was said.
  std::vector<std::string> trusted_registries;
  // For a compose file: the others in its folder, which may be merged with it.
  std::vector<std::shared_ptr<const ComposeFile>> compose_files;
  // For who calls analyse(): it goes by what it is given.
  Settings settings;
};

}  // namespace bulkhead
