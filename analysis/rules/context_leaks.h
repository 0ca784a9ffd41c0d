#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/context.h"
#include "analysis/dockerignore.h"
#include "analysis/facts/files.h"
#include "analysis/finding.h"
#include "analysis/rules/context_copies.h"

// What lies in a build context and has no place in an image, and how ignore files keep it out.
namespace bulkhead::rules {

// Such a file or folder.
struct Leak {
  std::string_view path;
  const facts::SensitiveFile* file;
  bool folder = false;
  std::size_t files = 0;   // that the builder gets of it; 0 where they are not listed
  std::uint64_t size = 0;  // of these, in bytes
};

// The builds that an ignore file is for.
class Builds {
 public:
  using List = std::vector<const ContextCopies*>;

  Builds(std::initializer_list<const ContextCopies*> all) : all_(all) {}
  // What `read` gives, which is asked once somebody wants to know: mostly nothing lies in a context that builds
  // have to be looked at for.
  explicit Builds(std::function<List()> read) : read_(std::move(read)) {}

  auto begin() const { return all().begin(); }
  auto end() const { return all().end(); }

 private:
  const List& all() const {
    if (read_) all_ = std::exchange(read_, nullptr)();
    return all_;
  }

  mutable std::function<List()> read_;
  mutable List all_;
};

// The entries below `folder` ("" is the root) that the builder gets and `is_meant` tells, folders as one, the
// gravest first.
std::vector<Leak> leaks_in(
    const BuildContext& context, const DockerIgnore& ignore, std::string_view folder,
    const std::function<bool(const BuildContext::Entry&, const facts::SensitiveFile&)>& is_meant);

// Whether the `.env` or a variant of it at `path` belongs to the project, with defaults that everybody gets: as
// Symfony has it, and whoever ignores only `.env.local`.
bool is_committed(std::string_view path, const BuildContext& context, const DockerIgnore& ignore);

// Whether `entry`, whose name says `file`, may hold a secret that nobody wants to be sent: it is no sample, no
// part of the program, and nothing that an exception in the ignore file asks for.
bool may_hold_secret(const BuildContext::Entry& entry, const facts::SensitiveFile& file,
                     const BuildContext& context, const DockerIgnore& ignore);

// Without what --exclude keeps out, in whose patterns paths may begin at the source.
std::vector<Leak> leaks_without_excluded(const NamedCopy& copy, std::vector<Leak> leaks);

// What a copy of everything brings along: secrets, version control, backups, data, and what the build
// installs anew; without what one of `builds` asks for by name.
std::vector<Leak> leaks(const BuildContext& context, const DockerIgnore& ignore,
                        const Builds& builds);

// Whether the finding that names it is a warning.
bool is_grave(const Leak& leak);

// "2 possible secrets (.env, id_rsa), .git and node_modules (312 files, 48 MB)"
std::string described(const std::vector<Leak>& leaks);

// What an ignore file for `context` lacks, as lines of it: in one with patterns, what keeps out the leaks; in
// an empty one also what commonly comes to be there. Nothing that one of `builds` needs.
std::string missing_patterns(const BuildContext& context, std::string_view ignore_file,
                             const Builds& builds);

// Lines that keep out `leaks`, and nothing that one of `builds` names or that is only called like them.
std::string patterns_against(const BuildContext& context, const std::vector<Leak>& leaks,
                             const Builds& builds);

// `patterns` at the end of an ignore file with this text: a change of it.
TextEdit append_patterns(std::string_view ignore_file, std::string_view patterns);

// A fix that puts `patterns` into the ignore file of `context`, or into a new one. Without edits where there
// are no patterns.
Fix keep_out(const BuildContext& context, const std::string& patterns);

}  // namespace bulkhead::rules
