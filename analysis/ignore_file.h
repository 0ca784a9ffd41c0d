#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/dockerignore.h"
#include "analysis/text/snapshot.h"

namespace bulkhead {

// Whether a file of this name, without its folder, is an ignore file: .dockerignore, or that of one
// Dockerfile, NAME.dockerignore.
bool is_ignore_file_name(std::string_view name);

// The ignore files that a builder looks for, the one that wins first, as paths from the folder of the
// Dockerfile: its own, and that of the context. `dockerfile` is its name, `root` as in BuildContext.
std::array<std::string, 2> ignore_files_of(std::string_view dockerfile, std::string_view root);

// One version of an ignore file. Never fails: each line is a pattern, a comment, or empty.
class IgnoreFile final : public Snapshot {
 public:
  static std::shared_ptr<const IgnoreFile> create(std::string text);

  const std::vector<IgnorePattern>& patterns() const { return patterns_; }

  std::vector<Remark> remarks() const override;
  std::optional<Span> subject_at(std::uint32_t place) const override;
  std::shared_ptr<const Snapshot> after(std::span<const TextEdit> edits) const override;

 private:
  explicit IgnoreFile(std::string text);

  const std::vector<IgnorePattern> patterns_;
};

}  // namespace bulkhead
