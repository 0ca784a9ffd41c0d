#include "analysis/engine.h"

#include <algorithm>
#include <exception>
#include <tuple>

#include "analysis/rule.h"
#include "analysis/suppressions.h"
#include "analysis/text/ascii.h"

namespace bulkhead {
namespace {

bool runs(const Rule& rule, const Config& config) {
  const auto contains = [&](const std::vector<const Rule*>& list) {
    return std::ranges::find(list, &rule) != list.end();
  };
  if (contains(config.ignore)) return false;
  return config.select ? contains(*config.select) : rule.enabled;
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

}  // namespace

const Rule* find_rule(std::string_view id_or_alias) {
  for (const Rule* rule : all_rules()) {
    if (rule->id == id_or_alias) return rule;
  }
  const Rule* found = nullptr;
  for (const Rule* rule : all_rules()) {
    for (const std::string_view alias : rule->aliases) {
      if (equals_ignoring_case(alias, id_or_alias)) return rule;
      if (!equals_ignoring_case(alias.substr(alias.find(':') + 1), id_or_alias)) continue;
      if (found && found != rule)
        return nullptr;  // several rules answer to this: the tool's name decides
      found = rule;
    }
  }
  return found;
}

std::string documentation_url(const Rule& rule) {
  return "https://github.com/bulkhead-lsp/bulkhead/blob/main/docs/rules.md#" + std::string(rule.id);
}

Analysis analyse(const Document& document, const Config& config, const Context& context) {
  Analysis analysis;
  for (const Rule* rule : all_rules()) {
    if (!runs(*rule, config)) continue;
    const std::size_t before = analysis.findings.size();
    try {
      Report report(*rule, context, analysis.findings);
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
  const std::string comment = "# bulkhead: ignore=" + std::string(finding.rule->id);
  for (const Instruction& instruction : document.instructions()) {
    if (!instruction.is_trigger() && finding.span.begin <= instruction.span().end) {
      return insert_before(instruction, {comment});
    }
  }
  return replace(Span{}, "# bulkhead: ignore-file=" + std::string(finding.rule->id) +
                             std::string(document.line_end()));
}

Fixed fix_all(const Document& document, const Config& config, const Context& context, Safety most) {
  // Each round mends at least one finding for good; more rounds than this mean that two fixes
  // quarrel.
  constexpr int max_rounds = 10;
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
