#include "lsp/document.h"

#include <utility>

#include "analysis/text/ascii.h"
#include "host/discover.h"
#include "host/snapshot.h"

namespace bulkhead::lsp {
namespace {

bulkhead::TextEdit to_text_edit(std::string_view text, const Lines& lines,
                                const TextDocumentContentChangeEvent& change, Encoding encoding) {
  if (!change.range) return {{0, static_cast<std::uint32_t>(text.size())}, change.text};
  std::uint32_t begin = lines.offset(text, change.range->start, encoding);
  std::uint32_t end = lines.offset(text, change.range->end, encoding);
  if (end < begin) std::swap(begin, end);
  return {{begin, end}, change.text};
}

// A text that is only kept, so that edits can be made in it.
class Unread final : public Snapshot {
 public:
  explicit Unread(std::string text) : Snapshot(std::move(text)) {}

  std::vector<Remark> remarks() const override { return {}; }
  std::optional<Span> subject_at(std::uint32_t) const override { return std::nullopt; }
  std::shared_ptr<const Snapshot> after(std::span<const bulkhead::TextEdit> edits) const override {
    return std::make_shared<const Unread>(edited(text(), edits));
  }
};

}  // namespace

Config config_for(const OpenDocument& document, const Session& session) {
  const Settings& settings = document.context.settings;
  if (settings.excluded) return {.select = std::vector<const Rule*>()};
  return combined(session.config, settings.config);
}

std::string name_to_read(std::string_view name, std::string_view language) {
  const auto is_called = [&](std::string_view word) {
    return contains_ignoring_case(language, word);
  };
  if (host::is_checked_name(name) || language.empty()) return std::string(name);
  if (is_called("compose")) return "compose.yaml";
  if (is_called("dockerignore")) return ".dockerignore";
  if (is_called("docker") || is_called("containerfile")) return "Dockerfile";
  return {};
}

std::shared_ptr<const Snapshot> read_snapshot(std::string_view file_name, std::string text,
                                              KnownScripts* known) {
  if (file_name.empty() || !is_read(text.size()))
    return std::make_shared<const Unread>(std::move(text));
  return host::read_snapshot(file_name, std::move(text), known);
}

std::shared_ptr<const Snapshot> snapshot_after(const OpenDocument& document,
                                               std::span<const bulkhead::TextEdit> edits,
                                               std::size_t most) {
  const std::size_t before = document.snapshot->text().size();
  std::size_t after = before;
  for (const auto& [span, text] : edits) after += text.size() - span.size();
  if (after > most) return nullptr;
  if (is_read(before) && is_read(after)) return document.snapshot->after(edits);
  return read_snapshot(document.read_as, edited(document.snapshot->text(), edits));
}

std::vector<bulkhead::TextEdit> to_text_edits(
    const Snapshot& snapshot, std::span<const TextDocumentContentChangeEvent> changes,
    Encoding encoding) {
  std::vector<bulkhead::TextEdit> edits;
  if (changes.empty()) return edits;
  edits.push_back(to_text_edit(snapshot.text(), snapshot.lines(), changes.front(), encoding));
  if (changes.size() == 1)
    return edits;  // a key press: no copy of the text, no new index of its lines

  std::string text(snapshot.text());
  for (const TextDocumentContentChangeEvent& change : changes.subspan(1)) {
    const auto& [span, replacement] = edits.back();
    text.replace(span.begin, span.size(), replacement);
    edits.push_back(to_text_edit(text, Lines(text), change, encoding));
  }
  return edits;
}

}  // namespace bulkhead::lsp
