#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/context.h"
#include "analysis/dockerignore.h"
#include "analysis/model/document.h"
#include "analysis/rule.h"

namespace bulkhead::rules {

// A COPY or ADD that takes the whole build context.
struct BroadCopy {
  Instruction instruction;
  Word source;  // ".", "*", "/"
};

// Something of the build context that a COPY or ADD names.
struct NamedCopy {
  Instruction instruction;
  Word source;
  std::string_view path;  // from the context's root, cleaned
  bool is_glob = false;
};

// What the instructions of a document take from the build context.
class ContextCopies {
 public:
  // `views` outlive this.
  ContextCopies(const Document& document, SharedViews& views);
  explicit ContextCopies(const Document& document);

  // In order; of more than anybody writes the first ones. Names that no file can have are left out.
  const std::vector<BroadCopy>& broad() const { return broad_; }
  const std::vector<NamedCopy>& named() const { return named_copies_; }

  // Whether `path`, told from the context's root, is named by an instruction...
  bool names(std::string_view path) const;
  // ...or is part of what is.
  bool needs(std::string_view path) const;

  // What is named, each once, globs among it; of more than anybody writes the first ones.
  std::vector<std::string> needed() const;

  // Whether what the copy brings gets into an image that a build may deliver: by the copy itself, or because
  // a later stage takes the whole folder over.
  bool reaches_image(const Instruction& copy) const;

  // Whether `name` is a word, or part of one, of what is run.
  bool is_spoken_of(std::string_view name) const;

 private:
  void read(SharedViews& views);
  void read_words() const;
  const std::vector<std::string_view>& sorted_names() const;
  bool wants_repository() const;                   // a RUN asks Git
  bool names_itself(std::string_view path) const;  // not by a glob
  void name(std::string_view path, bool is_glob);

  const Document& document_;
  std::unique_ptr<SharedViews> own_views_;
  std::vector<BroadCopy> broad_;
  std::vector<NamedCopy> named_copies_;
  std::vector<std::string_view> names_;  // all sources, cleaned
  std::string named_globs_;              // the globs among them, a line each
  DockerIgnore globs_{""};               // the same
  std::vector<Copy> from_stages_;        // COPY --from
  // Made at the first wish; most documents are asked for none of it.
  mutable std::optional<std::vector<std::string_view>> sorted_names_;
  mutable std::optional<std::vector<std::string>> spoken_;  // sorted words of what is run
  mutable std::optional<bool> wants_repository_;
};

// The patterns of --exclude, as an ignore file.
std::string excludes(const Instruction& copy);

}  // namespace bulkhead::rules
