#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/context.h"
#include "analysis/ignore_file.h"
#include "analysis/rules/context_leaks.h"

namespace bulkhead::rules {

// Whether the file has anything but exceptions.
bool keeps_something_out(const IgnoreFile& file);

// The builds that an ignore file is for, as far as their Dockerfiles stand in the folder, their context. They are
// read when they are first asked for.
class IgnoredBuilds {
 public:
  // `context` outlives this, as this does what it gives.
  explicit IgnoredBuilds(const Context& context) : context_(context) {}

  Builds builds() const;
  // With one that is not among them: that of a Dockerfile, which the context tells the others of.
  Builds builds_with(const ContextCopies& own) const;

  // A copy of the whole context that gets into an image, by a Dockerfile beside the ignore file.
  struct Taker {
    std::string_view file;  // the Dockerfile
    const ContextCopies* copies;
    const BroadCopy* copy;
    std::string text() const;  // "COPY . in Dockerfile"
  };
  const std::vector<Taker>& takers() const { return read().takers; }

 private:
  struct Read {
    std::vector<std::unique_ptr<ContextCopies>> all;
    std::vector<Taker> takers;

    Builds::List list() const;
  };
  const Read& read() const;

  const Context& context_;
  mutable std::optional<Read> read_;
};

}  // namespace bulkhead::rules
