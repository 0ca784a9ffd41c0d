#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/text/edit.h"
#include "analysis/text/lines.h"
#include "analysis/text/span.h"

namespace bulkhead {

// One version of a file that is analysed, with all that is read from its text: a Dockerfile
// (Document) or a compose file (ComposeFile). Immutable: an edit makes a new one. Safe to read from
// several threads.
class Snapshot {
 public:
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  virtual ~Snapshot() = default;

  std::string_view text() const { return text_; }
  std::string_view text(Span span) const { return text().substr(span.begin, span.size()); }
  const Lines& lines() const { return lines_; }
  // The line end that the file uses: that of its first line.
  std::string_view line_end() const;

  // A comment and what it speaks of: the instruction or entry below it, if there is one.
  struct Remark {
    Span comment;  // without the line end
    std::optional<Span> subject;
  };
  // In order.
  virtual std::vector<Remark> remarks() const = 0;

  // What a comment on byte `place` would speak of; none where there is nothing to put it above.
  virtual std::optional<Span> subject_at(std::uint32_t place) const = 0;

  // The first byte in front of whose line a comment on the whole file may be put.
  virtual std::uint32_t body() const { return 0; }

  // The version after `edits`, each told in terms of the text that the one before it left.
  virtual std::shared_ptr<const Snapshot> after(std::span<const TextEdit> edits) const = 0;

 protected:
  explicit Snapshot(std::string text) : text_(std::move(text)), lines_(text_) {}
  // What `change` makes of the one that has the lines `before`.
  Snapshot(std::string text, const Lines& before, const Change& change)
      : text_(std::move(text)), lines_(before.after(change, text_)) {}

  const std::string text_;
  const Lines lines_;
};

// Reads `text` as what a file of this name, without its folder, holds.
using ReadSnapshot = std::shared_ptr<const Snapshot> (*)(std::string_view file_name,
                                                         std::string text);

}  // namespace bulkhead
