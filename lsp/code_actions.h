#pragma once

// What can be done about the findings at one place, and about all of them.

#include <vector>

#include "lsp/document.h"
#include "lsp/protocol.h"

namespace bulkhead::lsp {

inline constexpr const char* quick_fix = "quickfix";
inline constexpr const char* fix_all_kind = "source.fixAll.bulkhead";
inline constexpr const char* rewrite_kind = "refactor.rewrite";

// For each finding that the range touches or that the client names: its fixes, and a comment that
// silences it; then all safe fixes of the document at once, and refactorings: on a FROM, and anywhere if
// only they are asked for. `document` has been analysed.
std::vector<CodeAction> code_actions(const OpenDocument& document, CodeActionParams params,
                                     const Session& session);

}  // namespace bulkhead::lsp
