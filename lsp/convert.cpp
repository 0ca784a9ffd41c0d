#include "lsp/convert.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "analysis/engine.h"
#include "analysis/rule.h"
#include "lsp/uri.h"

namespace bulkhead::lsp {
namespace {

DiagnosticSeverity to_severity(Severity severity) {
  switch (severity) {
    case Severity::error:
      return DiagnosticSeverity::error;
    case Severity::warning:
      return DiagnosticSeverity::warning;
    case Severity::info:
      return DiagnosticSeverity::information;
    case Severity::hint:
      return DiagnosticSeverity::hint;
  }
  return DiagnosticSeverity::warning;
}

DiagnosticTag to_tag(Tag tag) {
  return tag == Tag::unnecessary ? DiagnosticTag::unnecessary : DiagnosticTag::deprecated;
}

// Only what the client can draw.
std::optional<std::vector<DiagnosticTag>> to_tags(const std::vector<Tag>& tags,
                                                  const ClientCapabilities& client) {
  std::vector<DiagnosticTag> out;
  for (const Tag tag : tags) {
    const DiagnosticTag known = to_tag(tag);
    if (std::ranges::count(client.diagnostic_tags, static_cast<std::int32_t>(known)) > 0)
      out.push_back(known);
  }
  if (out.empty()) return std::nullopt;
  return out;
}

// Clients make equal insertions twice, and of edits at one place the first of the array comes
// first.
std::vector<Edit> in_order(std::span<const Edit> edits) {
  std::vector<Edit> out;
  for (const Edit& edit : edits) {
    if (std::ranges::find(out, edit) == out.end()) out.push_back(edit);
  }
  std::ranges::stable_sort(out, {}, [](const Edit& edit) {
    return std::pair(edit.change.span.begin, edit.change.span.end);
  });
  return out;
}

// Positions that are mostly asked for in the order of the text: each goes on from the one before, where
// both are on one line. So many findings on a long line take no more time than it is long.
class PositionFinder {
 public:
  PositionFinder(const Snapshot& snapshot, Encoding encoding)
      : text_(snapshot.text()), lines_(snapshot.lines()), encoding_(encoding) {}

  Position find(std::uint32_t offset) {
    if (offset < last_ || offset >= line_end_ || !is_character(last_) || !is_character(offset)) {
      position_ = lines_.position(text_, offset, encoding_);
      line_end_ = lines_.line(text_, position_.line).end;
    } else {
      const std::string_view between = text_.substr(last_, offset - last_);
      position_.character += characters(between, encoding_);
    }
    last_ = offset;
    return position_;
  }

 private:
  // Whether one begins there for sure.
  bool is_character(std::uint32_t offset) const {
    return offset < text_.size() && static_cast<unsigned char>(text_[offset]) < 0x80;
  }

  std::string_view text_;
  const Lines& lines_;
  Encoding encoding_;
  std::uint32_t last_ = 0;
  Position position_;           // of last_
  std::uint32_t line_end_ = 0;  // of its line, or anything up to there
};

Diagnostic to_diagnostic(const OpenDocument& document, const Finding& finding, const Range& range,
                         const Session& session) {
  Diagnostic diagnostic{.range = range,
                        .severity = to_severity(finding.severity),
                        .code = std::string(finding.rule->id),
                        .source = "bulkhead",
                        .message = finding.message,
                        .tags = to_tags(finding.tags, session.client)};
  if (session.client.code_description)
    diagnostic.code_description = {documentation_url(*finding.rule)};
  if (session.client.related_information && !finding.related.empty()) {
    auto& related = diagnostic.related_information.emplace();
    for (const auto& [span, message] : finding.related) {
      related.push_back({{document.uri, to_range(document, span, session)}, message});
    }
  }
  return diagnostic;
}

}  // namespace

Range to_range(const OpenDocument& document, Span span, const Session& session) {
  return document.snapshot->lines().range(document.snapshot->text(), span, session.encoding);
}

std::vector<Diagnostic> to_diagnostics(const OpenDocument& document,
                                       std::span<const Finding> findings, const Session& session) {
  std::vector<Diagnostic> out;
  PositionFinder positions(*document.snapshot, session.encoding);
  for (const Finding& finding : findings) {
    const Position start = positions.find(finding.span.begin);
    const Position end = PositionFinder(positions).find(finding.span.end);
    out.push_back(to_diagnostic(document, finding, {start, end}, session));
  }
  return out;
}

bool can_create_files(const ClientCapabilities& client) {
  return client.document_changes && std::ranges::count(client.resource_operations, "create") > 0;
}

std::optional<WorkspaceEdit> to_workspace_edit(const OpenDocument& document,
                                               std::span<const Edit> edits,
                                               const Session& session) {
  std::map<std::string, std::vector<TextEdit>> changes;  // by file
  std::vector<std::variant<CreateFile, TextDocumentEdit>> operations;
  for (const auto& [change, file] : in_order(edits)) {
    if (file.empty()) {
      changes[file].push_back({to_range(document, change.span, session), change.text});
      continue;
    }
    if (const auto text = text_of(document.context, file)) {
      changes[file].push_back(
          {Lines(*text).range(*text, change.span, session.encoding), change.text});
      continue;
    }
    if (!can_create_files(session.client)) return std::nullopt;
    const std::string uri = relative_uri(document.uri, file);
    operations.push_back(CreateFile{.uri = uri});
    operations.push_back(TextDocumentEdit{{uri, nullptr}, {{Range{}, change.text}}});
  }
  WorkspaceEdit edit;
  if (!session.client.document_changes) edit.changes.emplace();
  for (auto& [file, text_edits] : changes) {
    const auto open = document.open_files.find(file);
    const OpenFile target = file.empty() ? OpenFile{document.uri, document.version}
                            : open != document.open_files.end()
                                ? open->second
                                : OpenFile{relative_uri(document.uri, file), std::nullopt};
    if (edit.changes) {
      edit.changes->emplace(target.uri, std::move(text_edits));
      continue;
    }
    std::variant<Null, std::int32_t> version;
    if (target.version) version = *target.version;
    operations.push_back(TextDocumentEdit{{target.uri, version}, std::move(text_edits)});
  }
  if (!edit.changes) edit.document_changes = std::move(operations);
  return edit;
}

}  // namespace bulkhead::lsp
