#include <algorithm>
#include <array>
#include <exception>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/engine.h"
#include "analysis/ignore_file.h"
#include "analysis/rule.h"
#include "analysis/suppressions.h"

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

// ---- What a version has in common with the one before

constexpr std::int32_t no_stage = -1;

std::int32_t stage_of(const Instruction& instruction) {
  const auto stage = instruction.stage();
  return stage ? static_cast<std::int32_t>(stage->index()) : no_stage;
}

// Where each stage begins: with the comments above its FROM, behind the last line of the one before. The
// first one begins with its FROM. In order; the end of the text comes last.
std::vector<std::uint32_t> stage_begins(const Document& document) {
  std::vector<std::uint32_t> begins;
  std::uint32_t end = 0;  // of the instructions so far
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.is_trigger()) continue;
    if (instruction.kind() == Keyword::from) {
      const auto line = document.text().find('\n', end);
      begins.push_back(begins.empty() || line >= instruction.begin()
                           ? instruction.begin()
                           : static_cast<std::uint32_t>(line) + 1);
    }
    end = instruction.span().end;
  }
  begins.push_back(static_cast<std::uint32_t>(document.text().size()));
  return begins;
}

// For each stage the others that it is built on or takes files from.
std::vector<std::vector<std::uint32_t>> stage_needs(const Document& document) {
  std::vector<std::vector<std::uint32_t>> needs(document.stages().size());
  for (const Instruction& instruction : document.instructions()) {
    const std::int32_t own = stage_of(instruction);
    if (own == no_stage) continue;
    const auto add = [&](const std::optional<Stage>& other) {
      if (other) needs[static_cast<std::size_t>(own)].push_back(other->index());
    };
    const auto add_named = [&](std::string_view name) {
      add(document.stage(instruction.expand(name).text));
    };
    if (instruction.kind() == Keyword::from) {
      add(From(instruction).parent());
    } else if (instruction.kind() == Keyword::copy) {
      if (const auto from = Copy(instruction).from()) add_named(from->text());
    } else if (instruction.kind() == Keyword::run) {
      for (const Mount& mount : Run(instruction).mounts()) {
        if (const auto from = mount.get("from")) add_named(*from);
      }
    }
  }
  return needs;
}

// For each stage whether another one is built on it.
std::vector<bool> built_on(const Document& document) {
  std::vector<bool> found(document.stages().size(), false);
  for (const Stage& stage : document.stages()) {
    if (const auto parent = stage.parent()) found[parent->index()] = true;
  }
  return found;
}

// For each stage of `now` whether its checks find what they found in `before`: all false where the files
// differ in what concerns every stage.
std::vector<bool> unchanged_stages(const Document& before, const Document& now,
                                   const std::vector<std::uint32_t>& old_begins,
                                   const std::vector<std::uint32_t>& begins) {
  const std::size_t count = now.stages().size();
  std::vector<bool> same(count, false);
  if (begins.size() != old_begins.size() || begins[0] != old_begins[0] ||
      before.text({0, begins[0]}) != now.text({0, begins[0]}) ||
      before.line_end() != now.line_end()) {
    return same;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Stage stage = now.stages()[i];
    const Stage old = before.stages()[i];
    if (stage.name() != old.name()) return std::vector<bool>(count, false);
    same[i] =
        stage.is_shipped() == old.is_shipped() &&
        now.text({begins[i], begins[i + 1]}) == before.text({old_begins[i], old_begins[i + 1]});
  }
  const std::vector<bool> were_built_on = built_on(before);
  const std::vector<bool> are_built_on = built_on(now);
  for (std::size_t i = 0; i < count; ++i) {
    if (were_built_on[i] != are_built_on[i]) same[i] = false;
  }
  // What needs a stage that changed has changed as well.
  const auto needs = stage_needs(now);
  std::vector<std::vector<std::uint32_t>> needed_by(count);
  std::vector<std::uint32_t> changed;
  for (std::uint32_t i = 0; i < count; ++i) {
    for (const std::uint32_t other : needs[i]) needed_by[other].push_back(i);
    if (!same[i]) changed.push_back(i);
  }
  while (!changed.empty()) {
    const std::uint32_t at = changed.back();
    changed.pop_back();
    for (const std::uint32_t user : needed_by[at]) {
      if (same[user]) changed.push_back(user);
      same[user] = false;
    }
  }
  return same;
}

// Moves findings with the stages that their places stand in.
class Move {
 public:
  Move(const std::vector<std::uint32_t>& from, const std::vector<std::uint32_t>& to)
      : from_(from), to_(to) {}

  Finding operator()(Finding finding) const {
    finding.span = moved(finding.span);
    for (Related& related : finding.related) related.span = moved(related.span);
    for (Fix& fix : finding.fixes) {
      for (Edit& edit : fix.edits) {
        if (edit.file.empty()) edit.change.span = moved(edit.change.span);
      }
    }
    return finding;
  }

 private:
  Span moved(Span span) const { return {moved(span.begin), moved(span.end)}; }
  std::uint32_t moved(std::uint32_t place) const {
    const auto behind = std::ranges::upper_bound(from_, place);
    if (behind == from_.begin()) return place;
    const auto stage = behind - from_.begin() - 1;
    return place - from_[static_cast<std::size_t>(stage)] + to_[static_cast<std::size_t>(stage)];
  }

  const std::vector<std::uint32_t>& from_;
  const std::vector<std::uint32_t>& to_;
};

// ---- Running the checks

// The nodes of a document that checks are run on, without those of the stages that are `kept`.
struct Nodes {
  Nodes(const Document& document, const std::vector<bool>& kept) {
    for (const Stage& stage : document.stages()) {
      if (!kept[stage.index()]) stages.push_back(stage);
    }
    for (const Instruction& instruction : document.instructions()) {
      const std::int32_t stage = stage_of(instruction);
      if (stage != no_stage && kept[static_cast<std::size_t>(stage)]) continue;
      instructions.push_back(instruction);
      by_keyword[static_cast<std::size_t>(instruction.kind())].push_back(instruction);
      if (instruction.kind() != Keyword::run) continue;
      for (const Command& command : Run(instruction).commands()) commands.push_back(command);
    }
  }

  std::vector<Stage> stages;
  std::vector<Instruction> instructions;
  std::array<std::vector<Instruction>, static_cast<std::size_t>(Keyword::unknown) + 1> by_keyword;
  std::vector<Command> commands;
};

std::int32_t stage_of(const Stage& stage) {
  return static_cast<std::int32_t>(stage.index());
}
std::int32_t stage_of(const Command& command) {
  return stage_of(static_cast<const Instruction&>(command.run()));
}

// The findings of one analysis, with the stage that each one is bound to.
struct Collected {
  std::vector<Finding> findings;
  std::vector<std::int32_t> stages;
};

// Hands each node of the document to the checks that ask for it.
void run(const Check& check, const Document& document, const Nodes& nodes, Report& report,
         Collected& found) {
  const auto run_on = [&](const auto& all) {
    for (const auto& node : all) {
      check.run(&node, report);
      if (found.stages.size() < found.findings.size())
        found.stages.resize(found.findings.size(), stage_of(node));
    }
  };
  switch (check.target) {
    case Target::document:
      check.run(&document, report);
      found.stages.resize(found.findings.size(), no_stage);
      break;
    case Target::stage:
      run_on(nodes.stages);
      break;
    case Target::instruction:
      run_on(check.any ? nodes.instructions
                       : nodes.by_keyword[static_cast<std::size_t>(check.keyword)]);
      break;
    case Target::command:
      run_on(nodes.commands);
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

void run(const Check& check, const IgnoreFile& file, Report& report) {
  if (check.target == Target::ignore_file) check.run(&file, report);
}

// Runs `checks(rule, report)` for each rule that there is time for, and adds what is found to `findings`.
template <class Checks>
void run_rules(const Config& config, const Context& context, const OutOfTime& out_of_time,
               Analysis& analysis, std::vector<Finding>& findings, Checks checks) {
  SharedViews views;
  for (const Rule* rule : chosen(config)) {
    if (!analysis.left_out.empty() || (out_of_time && out_of_time())) {
      analysis.left_out.push_back(rule);
      continue;
    }
    const std::size_t before = findings.size();
    try {
      Report report(*rule, context, views, findings);
      checks(*rule, report);
    } catch (const std::exception&) {
      // One rule's fault must not cost the findings of the others.
      findings.resize(before);
      analysis.broken.push_back(rule);
    }
  }
}

// A compose file or an ignore file.
template <class File>
Analysis analyse_whole(const File& file, const Config& config, const Context& context,
                       const OutOfTime& out_of_time) {
  Analysis analysis;
  run_rules(config, context, out_of_time, analysis, analysis.findings,
            [&](const Rule& rule, Report& report) {
              for (const Check& check : rule.checks) run(check, file, report);
            });
  return analysis;
}

Analysis analyse_compose(const ComposeFile& file, const Config& config, const Context& context,
                         const OutOfTime& out_of_time) {
  Analysis analysis = analyse_whole(file, config, context, out_of_time);
  // Services that share an entry, by an anchor or by extending one another, share what is said of it.
  std::set<std::pair<const Rule*, std::uint32_t>> seen;
  std::erase_if(analysis.findings, [&](const Finding& finding) {
    return !seen.emplace(finding.rule, finding.span.begin).second;
  });
  return analysis;
}

// Leaves suppressed findings out, and puts the others in order.
void finish(const Snapshot& snapshot, std::vector<Finding>& findings) {
  const Suppressions suppressions(snapshot);
  std::erase_if(findings, [&](const Finding& finding) { return suppressions.covers(finding); });
  std::ranges::stable_sort(findings, {}, [](const Finding& finding) {
    return std::tuple(finding.span.begin, finding.span.end, finding.rule->id,
                      std::string_view(finding.message));
  });
}

}  // namespace

// The version before, and what its checks found that are bound to a stage, suppressed or not.
struct Analyser::Memory {
  std::shared_ptr<const Document> document;
  decltype(Context::today) today;
  std::vector<std::uint32_t> begins;            // of its stages
  std::vector<std::vector<Finding>> of_stages;  // each in the order in which it was found
};

Analysis Analyser::analyse(const std::shared_ptr<const Snapshot>& snapshot, const Config& config,
                           const Context& context, const OutOfTime& out_of_time) {
  Analysis analysis;
  if (const auto* file = dynamic_cast<const ComposeFile*>(snapshot.get())) {
    analysis = analyse_compose(*file, config, context, out_of_time);
  } else if (const auto* ignored = dynamic_cast<const IgnoreFile*>(snapshot.get())) {
    analysis = analyse_whole(*ignored, config, context, out_of_time);
  } else if (const auto document = std::dynamic_pointer_cast<const Document>(snapshot)) {
    const auto before = std::exchange(memory_, nullptr);
    auto now = std::make_shared<Memory>(
        Memory{document, context.today, stage_begins(*document),
               std::vector<std::vector<Finding>>(document->stages().size())});
    const std::vector<bool> kept =
        before && before->today == context.today
            ? unchanged_stages(*before->document, *document, before->begins, now->begins)
            : std::vector<bool>(document->stages().size(), false);
    const Nodes nodes(*document, kept);
    Collected found;
    run_rules(config, context, out_of_time, analysis, found.findings,
              [&](const Rule& rule, Report& report) {
                found.stages.resize(found.findings.size());
                for (const Check& check : rule.checks) run(check, *document, nodes, report, found);
              });
    for (std::size_t i = 0; i < found.findings.size(); ++i) {
      if (found.stages[i] != no_stage)
        now->of_stages[static_cast<std::size_t>(found.stages[i])].push_back(found.findings[i]);
    }
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (!kept[i]) continue;
      const Move move(before->begins, now->begins);
      std::ranges::transform(before->of_stages[i], std::back_inserter(now->of_stages[i]), move);
      std::ranges::copy(now->of_stages[i], std::back_inserter(found.findings));
    }
    analysis.findings = std::move(found.findings);
    if (analysis.broken.empty() && analysis.left_out.empty()) memory_ = std::move(now);
  }
  finish(*snapshot, analysis.findings);
  return analysis;
}

Analysis analyse(const Snapshot& snapshot, const Config& config, const Context& context,
                 const OutOfTime& out_of_time) {
  // The snapshot outlives the call, and so is nobody's here.
  return Analyser().analyse(
      std::shared_ptr<const Snapshot>(std::shared_ptr<const Snapshot>(), &snapshot), config,
      context, out_of_time);
}

}  // namespace bulkhead
