#pragma once

// Findings and edits of the engine as the protocol tells them.

#include <optional>
#include <span>
#include <vector>

#include "analysis/finding.h"
#include "lsp/document.h"
#include "lsp/protocol.h"

namespace bulkhead::lsp {

Range to_range(const OpenDocument& document, Span span, const Session& session);

// In the same order.
std::vector<Diagnostic> to_diagnostics(const OpenDocument& document,
                                       std::span<const Finding> findings, const Session& session);

// None when the edit creates a file and the client cannot. Of another file that is changed the positions are
// those of the text that the document's context has.
std::optional<WorkspaceEdit> to_workspace_edit(const OpenDocument& document,
                                               std::span<const Edit> edits, const Session& session);

bool can_create_files(const ClientCapabilities& client);

}  // namespace bulkhead::lsp
