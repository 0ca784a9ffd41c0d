#include "lsp/document.h"

#include <utility>

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

}  // namespace

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
