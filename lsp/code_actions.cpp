#include "lsp/code_actions.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/engine.h"
#include "analysis/model/document.h"
#include "analysis/refactorings/refactorings.h"
#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"
#include "lsp/codec.h"
#include "lsp/convert.h"

namespace bulkhead::lsp {
namespace {

// Kinds are told by their beginning: who asks for "source" also wants "source.fixAll.bulkhead".
bool is_wanted(std::string_view kind, const CodeActionContext& context) {
  if (!context.only) return true;
  return std::ranges::any_of(*context.only, [&](const std::string& wanted) {
    return wanted.empty() || kind == wanted || kind.starts_with(wanted + ".");
  });
}

// A client may name the ends of what is selected the other way round.
bool touch(const Range& place, const Range& asked) {
  const auto [first, last] = std::minmax(asked.start, asked.end);
  return place.start <= last && first <= place.end;
}

// What a client may ask for beyond the end of a line is its end.
Range within(const OpenDocument& document, const Range& asked, const Session& session) {
  const std::string_view text = document.snapshot->text();
  const Lines& lines = document.snapshot->lines();
  const auto clamped = [&](Position position) {
    return lines.position(text, lines.offset(text, position, session.encoding), session.encoding);
  };
  return {clamped(asked.start), clamped(asked.end)};
}

// Some clients ask for one place but name all diagnostics of its line.
bool is_meant(const Diagnostic& diagnostic, const CodeActionParams& params) {
  return touch(diagnostic.range, params.range) ||
         std::ranges::any_of(params.context.diagnostics, [&](const DiagnosticReference& named) {
           return named.range.start == diagnostic.range.start && named.code &&
                  *named.code == std::variant<std::string, std::int64_t>(diagnostic.code);
         });
}

// Several findings may have one remedy, which is offered once.
class Remedies {
 public:
  void offer(CodeAction action) {
    const auto [at, is_new] = by_edit_.try_emplace(encode(action.edit).text, actions_.size());
    if (is_new) {
      actions_.push_back(std::move(action));
    } else {
      CodeAction& same = actions_[at->second];
      std::ranges::move(*action.diagnostics, std::back_inserter(*same.diagnostics));
      if (action.is_preferred) same.is_preferred = true;
    }
  }
  void move_to(std::vector<CodeAction>& actions) {
    std::ranges::move(actions_, std::back_inserter(actions));
  }

 private:
  std::vector<CodeAction> actions_;
  std::unordered_map<std::string, std::size_t>
      by_edit_;  // as JSON: of all of a file there may be thousands
};

void add_fixes(const OpenDocument& document, const Finding& finding, const Diagnostic& diagnostic,
               const Session& session, Remedies& remedies) {
  for (const Fix& fix : finding.fixes) {
    const bool safe = fix.safety == Safety::safe;
    const bool preferred = &fix == &finding.fixes.front() && (safe || finding.fixes.size() == 1);
    auto edit = to_workspace_edit(document, fix.edits, session);
    if (!edit) continue;
    remedies.offer({.title = safe ? fix.title : fix.title + " (unsafe)",
                    .kind = quick_fix,
                    .diagnostics = {{diagnostic}},
                    .is_preferred = preferred ? std::optional(true) : std::nullopt,
                    .edit = *std::move(edit)});
  }
}

void add_suppression(const OpenDocument& document, const Finding& finding,
                     const Diagnostic& diagnostic, const Session& session,
                     std::span<const Snapshot::Remark> remarks, Remedies& remedies) {
  const std::array edits{suppress(*document.snapshot, remarks, finding)};
  auto edit = to_workspace_edit(document, edits, session);
  if (!edit) return;
  remedies.offer({.title = "Ignore " + std::string(finding.rule->id) + " here",
                  .kind = quick_fix,
                  .diagnostics = {{diagnostic}},
                  .edit = *std::move(edit)});
}

// What turns `before` into `after`, in whole lines: editors keep the cursor and folds around it.
bulkhead::TextEdit changed_lines(std::string_view before, std::string_view after) {
  const auto line_start = [](std::string_view text, std::size_t at) {
    return at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  };
  const auto head =
      static_cast<std::size_t>(std::ranges::mismatch(before, after).in1 - before.begin());
  const std::size_t begin = line_start(before, head);
  before.remove_prefix(begin);
  after.remove_prefix(begin);

  const auto tail = std::mismatch(before.rbegin(), before.rend(), after.rbegin(), after.rend());
  std::size_t same = static_cast<std::size_t>(tail.first - before.rbegin());
  const std::size_t newline = before.find('\n', before.size() - same);
  same = newline == std::string_view::npos ? 0 : before.size() - newline - 1;
  const Span span{static_cast<std::uint32_t>(begin),
                  static_cast<std::uint32_t>(begin + before.size() - same)};
  return {span, std::string(after.substr(0, after.size() - same))};
}

// Where the client cannot create files, no rule is to ask for one.
Context context_for(const OpenDocument& document, const Session& session) {
  Context context = document.context;
  if (context.build && !context.build->ignore_file && !can_create_files(session.client))
    context.build.reset();
  return context;
}

void add_fix_all(const OpenDocument& document, const Session& session,
                 std::vector<CodeAction>& actions) {
  const Fixed fixed = fix_all(*document.snapshot, config_for(document, session),
                              context_for(document, session), Safety::safe, session.out_of_time());
  if (fixed.fixes == 0) return;
  std::vector<Edit> edits;
  for (const ChangedFile& file : fixed.others) {
    edits.push_back(
        {file.before ? changed_lines(*file.before, file.text) : bulkhead::TextEdit{{}, file.text},
         file.path});
  }
  if (fixed.text != document.snapshot->text()) {
    edits.push_back({changed_lines(document.snapshot->text(), fixed.text)});
  }
  auto edit = to_workspace_edit(document, edits, session);
  if (!edit) return;
  actions.push_back({.title = "Apply all safe fixes of bulkhead",
                     .kind = fix_all_kind,
                     .edit = *std::move(edit)});
}

void add_refactoring(const OpenDocument& document, const std::optional<Refactoring>& refactoring,
                     const Session& session, std::vector<CodeAction>& actions) {
  if (!refactoring) return;
  auto edit = to_workspace_edit(document, refactoring->edits, session);
  if (!edit) return;
  actions.push_back({.title = refactoring->title, .kind = rewrite_kind, .edit = *std::move(edit)});
}

void add_refactorings(const OpenDocument& document, const CodeActionParams& params,
                      const Session& session, std::vector<CodeAction>& actions) {
  const auto* dockerfile = dynamic_cast<const Document*>(document.snapshot.get());
  if (!dockerfile || dockerfile->stages().empty()) return;
  const auto is_meant_at = [&](Span span) {
    return params.context.only || touch(to_range(document, span, session), params.range);
  };
  if (is_meant_at(dockerfile->stages()[0].span()))
    add_refactoring(document, split_stages(*dockerfile), session, actions);
  const rules::ContextCopies copies(*dockerfile);
  for (const rules::BroadCopy& copy : copies.broad()) {
    const Span span = copy.instruction.span();
    // Several of them are told apart by the place that is asked for.
    if (!touch(to_range(document, span, session), params.range)) continue;
    add_refactoring(document, list_copied(*dockerfile, copy.instruction, document.context), session,
                    actions);
  }
}

}  // namespace

std::vector<CodeAction> code_actions(const OpenDocument& document, CodeActionParams params,
                                     const Session& session) {
  std::vector<CodeAction> actions;
  params.range = within(document, params.range, session);
  if (is_wanted(quick_fix, params.context)) {
    const auto remarks = document.snapshot->remarks();
    Remedies fixes;
    Remedies suppressions;  // behind all fixes: the last resort
    for (std::size_t i = 0; i < document.diagnostics.size(); ++i) {
      const Finding& finding = document.analyser.analysis().findings[i];
      const Diagnostic& diagnostic = document.diagnostics[i];
      if (!is_meant(diagnostic, params)) continue;
      add_fixes(document, finding, diagnostic, session, fixes);
      add_suppression(document, finding, diagnostic, session, remarks, suppressions);
    }
    fixes.move_to(actions);
    suppressions.move_to(actions);
  }
  // An editor that asks by itself, at each move of the cursor, looks for quick fixes.
  const bool in_passing =
      params.context.trigger_kind == CodeActionTriggerKind::automatic && !params.context.only;
  if (is_wanted(fix_all_kind, params.context) && !in_passing) {
    add_fix_all(document, session, actions);
  }
  if (is_wanted(rewrite_kind, params.context)) {
    add_refactorings(document, params, session, actions);
  }
  return actions;
}

}  // namespace bulkhead::lsp
