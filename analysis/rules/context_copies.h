#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "analysis/context.h"
#include "analysis/dockerignore.h"
#include "analysis/facts/files.h"
#include "analysis/model/document.h"

namespace bulkhead::rules {

// A COPY or ADD that takes the whole build context.
struct BroadCopy {
  Instruction instruction;
  Word source;  // ".", "*", "/"
};

// What the instructions of a document take from the build context.
class ContextCopies {
 public:
  explicit ContextCopies(const Document& document);

  // In order; of more than anybody writes the first ones.
  const std::vector<BroadCopy>& broad() const { return broad_; }

  // Whether `context` may be what the document is built with: the folder that a Dockerfile stands
  // in is not always its context, and then nothing that it copies is there.
  bool fits(const BuildContext& context) const;

  // Whether `path`, told from the context's root, is named by an instruction, or part of what is.
  bool needs(std::string_view path) const;

  // Whether what the broad copy brings gets into an image that a build may deliver: by the copy
  // itself, or because a later stage takes the whole folder over.
  bool reaches_image(const BroadCopy& copy) const;

  // An entry of the context that should not be in an image.
  struct Leak {
    std::string_view path;
    const facts::SensitiveFile* file;
  };
  // What a copy of everything brings along: secrets, version control, backups, data; the gravest
  // first, folders as one; without what is ignored or asked for by name.
  std::vector<Leak> leaks(const BuildContext& context) const;

  // A .dockerignore for `context`: what is there and should not be in an image, and what commonly
  // comes to be there; nothing that the document needs. Empty when there is nothing to leave out.
  std::string ignore_file(const BuildContext& context) const;

 private:
  void read_sources(const Instruction& instruction);
  void read_run(const Run& run);
  void name(std::string path);
  bool is_spoken_of(std::string_view name) const;

  const Document& document_;
  std::vector<BroadCopy> broad_;
  std::unordered_set<std::string> named_;  // sources without globs, cleaned
  std::string named_globs_;                // the others, a line each
  DockerIgnore globs_{""};                 // the same
  std::vector<Copy> from_stages_;          // COPY --from
  std::vector<bool> delivered_;            // for each stage: a build may deliver it or one on it
  std::vector<std::string> spoken_;        // words of RUN, CMD and ENTRYPOINT, sorted
};

// The patterns of --exclude, as an ignore file.
std::string excludes(const Instruction& copy);

}  // namespace bulkhead::rules
