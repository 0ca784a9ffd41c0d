#include "analysis/engine.h"

#include <algorithm>
#include <exception>
#include <tuple>

#include "analysis/rule.h"
#include "analysis/suppressions.h"
#include "analysis/text/ascii.h"

namespace bulkhead {
namespace {

std::vector<const Rule*> chosen(const Config& config) {
  std::vector<const Rule*> chosen;
  if (config.select) {
    chosen = *config.select;
  } else {
    std::ranges::copy_if(all_rules(), std::back_inserter(chosen), &Rule::enabled);
  }
  std::erase_if(chosen, [&](const Rule* rule) {
    return std::ranges::find(config.ignore, rule) != config.ignore.end();
  });
  return chosen;
}

// Hands each node of the document to the checks that ask for it.
void run(const Check& check, const Document& document, Report& report) {
  switch (check.target) {
    case Target::document:
      check.run(&document, report);
      break;
    case Target::stage:
      for (const Stage& stage : document.stages()) check.run(&stage, report);
      break;
    case Target::instruction:
      for (const Instruction& instruction : document.instructions()) {
        if (check.any || instruction.kind() == check.keyword) check.run(&instruction, report);
      }
      break;
    case Target::command:
      for (const Instruction& instruction : document.instructions()) {
        if (instruction.kind() != Keyword::run) continue;
        for (const Command& command : Run(instruction).commands()) check.run(&command, report);
      }
      break;
  }
}

// Whether `alias` ("hadolint:DL3020") is meant by `name`, which may leave the tool out: `tool`, or any
// if that is empty.
bool means(std::string_view alias, std::string_view name, std::string_view tool) {
  const std::size_t colon = alias.find(':');
  const bool tool_is_clear = tool.empty() || alias.substr(0, colon) == tool;
  return equals_ignoring_case(alias, name) ||
         (tool_is_clear && equals_ignoring_case(alias.substr(colon + 1), name));
}

}  // namespace

const Rule* find_rule(std::string_view id) {
  const auto found = std::ranges::find(all_rules(), id, &Rule::id);
  return found == all_rules().end() ? nullptr : *found;
}

std::vector<const Rule*> rules_named(std::string_view name, std::string_view tool) {
  std::vector<const Rule*> found;
  for (const Rule* rule : all_rules()) {
    const bool aliased = std::ranges::any_of(
        rule->aliases, [&](std::string_view alias) { return means(alias, name, tool); });
    if (rule->id == name || aliased) found.push_back(rule);
  }
  return found;
}

std::string documentation_url(const Rule& rule) {
  return "https://github.com/bulkhead-lsp/bulkhead/blob/main/docs/rules.md#" + std::string(rule.id);
}

Analysis analyse(const Document& document, const Config& config, const Context& context) {
  Analysis analysis;
  SharedViews views;
  for (const Rule* rule : chosen(config)) {
    const std::size_t before = analysis.findings.size();
    try {
      Report report(*rule, context, views, analysis.findings);
      for (const Check& check : rule->checks) run(check, document, report);
    } catch (const std::exception&) {
      // One rule's fault must not cost the findings of the others.
      analysis.findings.resize(before);
      analysis.broken.push_back(rule);
    }
  }
  const Suppressions suppressions(document);
  std::erase_if(analysis.findings,
                [&](const Finding& finding) { return suppressions.covers(finding); });
  std::ranges::stable_sort(analysis.findings, {}, [](const Finding& finding) {
    return std::tuple(finding.span.begin, finding.span.end, finding.rule->id);
  });
  return analysis;
}

Edit suppress(const Document& document, const Finding& finding) {
  const std::string id(finding.rule->id);
  const std::string_view text = document.text();
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.is_trigger() || finding.span.begin > instruction.span().end) continue;
    // A comment of ours that stands there already takes one name more.
    for (const Span comment : document.comments()) {
      if (comment.end > instruction.begin()) continue;
      const std::string_view between = text.substr(comment.end, instruction.begin() - comment.end);
      if (between.find_first_not_of(" \t\r\n") != std::string_view::npos) continue;
      constexpr std::string_view ours = "# bulkhead: ignore=";
      const std::string_view written = text.substr(comment.begin, comment.size());
      if (!written.starts_with(ours)) continue;
      const auto end = std::min(written.find_first_of(" \t\r", ours.size()), written.size());
      const auto at = comment.begin + static_cast<std::uint32_t>(end);
      return replace(Span{at, at}, "," + id);
    }
    return insert_right_before(instruction, {"# bulkhead: ignore=" + id});
  }
  return replace(Span{}, "# bulkhead: ignore-file=" + id + std::string(document.line_end()));
}

Fixed fix_all(const Document& document, const Config& config, const Context& context, Safety most) {
  // Each round mends at least one finding for good; more rounds than this mean that two fixes
  // quarrel.
  constexpr int max_rounds = 100;
  Fixed fixed{std::string(document.text()), {}, 0};
  std::shared_ptr<const Document> owned;
  const Document* current = &document;
  for (int round = 0; round < max_rounds; ++round) {
    std::vector<TextEdit> edits;
    for (const Finding& finding : analyse(*current, config, context).findings) {
      const auto fix = std::ranges::find_if(finding.fixes, [&](const Fix& candidate) {
        return candidate.safety == Safety::safe || most == Safety::unsafe;
      });
      if (fix == finding.fixes.end()) continue;
      const bool fits = std::ranges::none_of(fix->edits, [&](const Edit& edit) {
        if (edit.file.empty()) {
          return std::ranges::any_of(
              edits, [&](const TextEdit& other) { return conflict(edit.change, other); });
        }
        return std::ranges::find(fixed.created, edit.file, &Edit::file) != fixed.created.end();
      });
      if (!fits) continue;
      for (const Edit& edit : fix->edits) {
        if (edit.file.empty()) {
          edits.push_back(edit.change);
        } else {
          fixed.created.push_back(edit);
        }
      }
      ++fixed.fixes;
    }
    if (edits.empty()) break;
    auto text = apply_edits(current->text(), edits);
    if (!text || *text == current->text()) break;
    fixed.text = *std::move(text);
    owned = Document::create(fixed.text);
    current = owned.get();
  }
  return fixed;
}

}  // namespace bulkhead
