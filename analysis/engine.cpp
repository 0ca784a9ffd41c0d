#include "analysis/engine.h"

#include <algorithm>
#include <array>
#include <exception>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/rule.h"
#include "analysis/suppressions.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

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
    case Target::service:
    case Target::ignore_file:
      break;
  }
}

void run(const Check& check, const ComposeFile& file, Report& report) {
  if (check.target != Target::service) return;
  for (const Service& service : file.services()) check.run(&service, report);
}

void run(const Check& check, const Snapshot& snapshot, Report& report) {
  if (const auto* document = dynamic_cast<const Document*>(&snapshot)) {
    run(check, *document, report);
  } else if (const auto* file = dynamic_cast<const ComposeFile*>(&snapshot)) {
    run(check, *file, report);
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
  return "https://github.com/bulkhead-lsp/bulkhead/blob/main/docs/rules/" + std::string(rule.id) +
         ".md";
}

Analysis analyse(const Snapshot& snapshot, const Config& config, const Context& context,
                 const OutOfTime& out_of_time) {
  Analysis analysis;
  SharedViews views;
  for (const Rule* rule : chosen(config)) {
    if (!analysis.left_out.empty() || (out_of_time && out_of_time())) {
      analysis.left_out.push_back(rule);
      continue;
    }
    const std::size_t before = analysis.findings.size();
    try {
      Report report(*rule, context, views, analysis.findings);
      for (const Check& check : rule->checks) run(check, snapshot, report);
    } catch (const std::exception&) {
      // One rule's fault must not cost the findings of the others.
      analysis.findings.resize(before);
      analysis.broken.push_back(rule);
    }
  }
  // Services that share an entry, by an anchor or by extending one another, share what is said of it.
  if (dynamic_cast<const ComposeFile*>(&snapshot)) {
    std::set<std::pair<const Rule*, std::uint32_t>> seen;
    std::erase_if(analysis.findings, [&](const Finding& finding) {
      return !seen.emplace(finding.rule, finding.span.begin).second;
    });
  }
  const Suppressions suppressions(snapshot);
  std::erase_if(analysis.findings,
                [&](const Finding& finding) { return suppressions.covers(finding); });
  std::ranges::stable_sort(analysis.findings, {}, [](const Finding& finding) {
    return std::tuple(finding.span.begin, finding.span.end, finding.rule->id);
  });
  return analysis;
}

Edit suppress(const Snapshot& snapshot, const Finding& finding) {
  constexpr std::string_view ours = "# bulkhead: ignore=";
  const std::string id(finding.rule->id);
  const std::string_view text = snapshot.text();
  const auto subject = snapshot.subject_at(finding.span.begin);
  if (!subject) {
    const std::uint32_t top = line_begin(text, snapshot.body());
    return replace(Span{top, top},
                   "# bulkhead: ignore-file=" + id + std::string(snapshot.line_end()));
  }
  // A comment of ours that stands there already takes one name more.
  for (const auto& [comment, remarked] : snapshot.remarks()) {
    const std::string_view written = snapshot.text(comment);
    if (remarked != subject || !written.starts_with(ours)) continue;
    const auto end = std::min(written.find_first_of(" \t\r", ours.size()), written.size());
    const auto at = comment.begin + static_cast<std::uint32_t>(end);
    return replace(Span{at, at}, "," + id);
  }
  const std::uint32_t line = line_begin(text, subject->begin);
  return replace(Span{line, line}, std::string(snapshot.text({line, subject->begin})) +
                                       std::string(ours) + id + std::string(snapshot.line_end()));
}

Fixed fix_all(const Snapshot& snapshot, const Config& config, const Context& context, Safety most,
              const OutOfTime& out_of_time) {
  // Each round mends at least one finding for good; more rounds than this mean that two fixes
  // quarrel.
  constexpr int max_rounds = 100;
  Fixed fixed{std::string(snapshot.text()), {}, 0};
  std::shared_ptr<const Snapshot> owned;
  const Snapshot* current = &snapshot;
  for (int round = 0; round < max_rounds; ++round) {
    std::vector<TextEdit> edits;
    for (const Finding& finding : analyse(*current, config, context, out_of_time).findings) {
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
    const auto size = static_cast<std::uint32_t>(current->text().size());
    owned = current->after(std::array{TextEdit{{0, size}, fixed.text}});
    current = owned.get();
  }
  return fixed;
}

}  // namespace bulkhead
