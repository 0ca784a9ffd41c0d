#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <iterator>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/engine.h"
#include "analysis/ignore_file.h"
#include "analysis/rule.h"
#include "analysis/suppressions.h"
#include "analysis/text/change.h"
#include "analysis/version.h"

namespace bulkhead {
namespace {

std::vector<const Rule*> chosen(const Config& config) {
  std::vector<const Rule*> chosen;
  if (config.select) {
    chosen = *config.select;
  } else {
    std::ranges::copy_if(all_rules(), std::back_inserter(chosen), &Rule::enabled);
  }
  for (const Rule* rule : config.enable) {
    if (std::ranges::find(chosen, rule) == chosen.end()) chosen.push_back(rule);
  }
  std::erase_if(chosen, [&](const Rule* rule) {
    return std::ranges::find(config.ignore, rule) != config.ignore.end();
  });
  return chosen;
}

// ---- Running the checks

// The nodes of a document that checks are run on, without those that are kept.
struct Nodes {
  Nodes(const Document& document, const Kept& kept) {
    for (const Stage& stage : document.stages()) {
      if (!kept.stages[stage.index()]) {
        stages.push_back(stage);
      } else if (kept.other_dependents[stage.index()]) {
        with_other_dependents.push_back(stage);
      }
    }
    for (const Instruction& instruction : document.instructions()) {
      if (kept.instructions[instruction.index()] != Kept::none) continue;
      instructions.push_back(instruction);
      by_keyword[static_cast<std::size_t>(instruction.kind())].push_back(instruction);
      if (instruction.kind() != Keyword::run) continue;
      for (const Command& command : Run(instruction).commands()) commands.push_back(command);
    }
  }

  std::vector<Stage> stages;
  std::vector<Stage> with_other_dependents;  // that are kept but for rules that look at these
  std::vector<Instruction> instructions;
  std::array<std::vector<Instruction>, static_cast<std::size_t>(Keyword::unknown) + 1> by_keyword;
  std::vector<Command> commands;
};

// The node that a finding is kept with; of a command its instruction.
struct Owner {
  Target target = Target::document;
  std::uint32_t index = 0;
};

Owner owner(const Stage& stage) {
  return {Target::stage, stage.index()};
}
Owner owner(const Instruction& instruction) {
  return {Target::instruction, instruction.index()};
}
Owner owner(const Command& command) {
  return owner(static_cast<const Instruction&>(command.run()));
}

// The findings of one analysis, and whose they are.
struct Collected {
  std::vector<Finding> findings;
  std::vector<Owner> owners;
};

// Hands each node of the document to the checks that ask for it.
void run(const Rule& rule, const Check& check, const Document& document, const Nodes& nodes,
         Report& report, Collected& found) {
  const auto run_on = [&](const auto& all) {
    for (const auto& node : all) {
      check.run(&node, report);
      if (found.owners.size() < found.findings.size())
        found.owners.resize(found.findings.size(), owner(node));
    }
  };
  switch (check.target) {
    case Target::document:
      check.run(&document, report);
      found.owners.resize(found.findings.size());
      break;
    case Target::stage:
      run_on(nodes.stages);
      if (rule.looks_at_dependents) run_on(nodes.with_other_dependents);
      break;
    case Target::instruction:
      run_on(check.any ? nodes.instructions
                       : nodes.by_keyword[static_cast<std::size_t>(check.keyword)]);
      break;
    case Target::command:
      run_on(nodes.commands);
      break;
    case Target::compose_file:
    case Target::service:
    case Target::ignore_file:
      break;
  }
}

void run(const Check& check, const ComposeFile& file, Report& report) {
  if (check.target == Target::compose_file) check.run(&file, report);
  if (check.target != Target::service) return;
  for (const Service& service : file.services()) check.run(&service, report);
}

void run(const Check& check, const IgnoreFile& file, Report& report) {
  if (check.target == Target::ignore_file) check.run(&file, report);
}

// Runs `checks(rule, report)` for each rule that there is time for, and adds what is found to `findings`.
template <class Checks>
void run_rules(const Config& config, const Context& context, const OutOfTime& out_of_time,
               SharedViews& views, Analysis& analysis, std::vector<Finding>& findings,
               Checks checks) {
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
                       const OutOfTime& out_of_time, SharedViews& views) {
  Analysis analysis;
  run_rules(config, context, out_of_time, views, analysis, analysis.findings,
            [&](const Rule& rule, Report& report) {
              for (const Check& check : rule.checks) run(check, file, report);
            });
  return analysis;
}

Analysis analyse_compose(const ComposeFile& file, const Config& config, const Context& context,
                         const OutOfTime& out_of_time, SharedViews& views) {
  Analysis analysis = analyse_whole(file, config, context, out_of_time, views);
  // Services that share an entry, by an anchor or by extending one another, share what is said of it.
  std::set<std::pair<const Rule*, std::uint32_t>> seen;
  std::erase_if(analysis.findings, [&](const Finding& finding) {
    return !seen.emplace(finding.rule, finding.span.begin).second;
  });
  return analysis;
}

constexpr std::uint32_t no_stage = std::numeric_limits<std::uint32_t>::max();

// A finding, which stays where it is, and the stage that a check on stages found it in.
struct Found {
  const Finding* finding;
  std::uint32_t stage = no_stage;
};

// Of stages that are built on the same one, each says the same of it: the first one's word counts.
void leave_repeated(std::vector<Found>& in_order) {
  const auto place = [](const Found& found) {
    return std::tuple(found.finding->span.begin, found.finding->span.end, found.finding->rule);
  };
  auto kept = in_order.begin();
  for (auto at = in_order.begin(); at != in_order.end();) {
    const auto last = std::find_if(at + 1, in_order.end(),
                                   [&](const Found& next) { return place(next) != place(*at); });
    const std::uint32_t first_stage = std::ranges::min_element(at, last, {}, &Found::stage)->stage;
    kept = std::copy_if(at, last, kept, [&](const Found& found) {
      return found.stage == first_stage || found.stage == no_stage;
    });
    at = last;
  }
  in_order.erase(kept, in_order.end());
}

// Those that no comment suppresses, in order.
std::vector<Finding> finished(const Snapshot& snapshot, const Config& config,
                              const Context& context, std::vector<Found> found) {
  const Suppressions suppressions(snapshot, context.today);
  std::erase_if(found, [&](const Found& each) { return suppressions.covers(*each.finding); });
  std::ranges::stable_sort(found, {}, [](const Found& each) {
    return std::tuple(each.finding->span.begin, each.finding->span.end, each.finding->rule->id,
                      std::string_view(each.finding->message));
  });
  leave_repeated(found);
  std::vector<Finding> findings;
  findings.reserve(found.size());
  for (const Found& each : found) {
    findings.push_back(*each.finding);
    const auto severity = config.severities.find(each.finding->rule);
    if (severity != config.severities.end()) findings.back().severity = severity->second;
  }
  return findings;
}

}  // namespace

struct Analyser::Memory {
  Version version;
  decltype(Context::today) today;
  SharedViews::Facts facts = {};
};

void Analyser::Delete::operator()(Memory* memory) const {
  delete memory;
}

namespace {

// Whether all that the finding speaks of is still there; its places are then told anew.
bool move(Finding& finding, const Change& change) {
  bool is_certain = true;
  const auto move_span = [&](Span& span) {
    const auto begin = change.moved(span.begin);
    const auto end = change.moved(span.end);
    is_certain = is_certain && begin && end;
    if (is_certain) span = {*begin, *end};
  };
  move_span(finding.span);
  for (Related& related : finding.related) move_span(related.span);
  for (Fix& fix : finding.fixes) {
    for (Edit& edit : fix.edits) {
      if (edit.file.empty()) move_span(edit.change.span);
    }
  }
  return is_certain;
}

// Takes over what was found in nodes that are kept. One that a finding of cannot be told where it is now is
// looked at again.
void take_over(Version& before, Version& now, Kept& kept) {
  // What is behind the change has moved, even if text was put in front of it that begins like it.
  const bool is_last = kept.first_behind == before.document->instructions().size();
  const std::size_t last_begin = kept.first_behind == 0 ? 0
                                 : is_last              ? std::string_view::npos
                                           : gap_begin(*before.document, kept.first_behind);
  const Change change(before.document->text(), now.document->text(), last_begin);
  const auto take = [&](std::vector<Finding>& from, std::vector<Finding>& to) {
    to = std::move(from);
    const bool is_certain =
        std::ranges::all_of(to, [&](Finding& finding) { return move(finding, change); });
    if (!is_certain) to.clear();
    return is_certain;
  };
  for (std::size_t i = 0; i < kept.stages.size(); ++i) {
    if (!kept.stages[i]) continue;
    if (kept.other_dependents[i])
      std::erase_if(before.of_stages[i],
                    [](const Finding& f) { return f.rule->looks_at_dependents; });
    kept.stages[i] = take(before.of_stages[i], now.of_stages[i]);
  }
  for (auto& [old, of_old] : before.of_instructions) {
    const auto index = kept.index_of(old, before);
    if (!index) continue;
    std::vector<Finding> of_now;
    if (take(of_old, of_now)) {
      now.of_instructions.emplace_hint(now.of_instructions.end(), *index, std::move(of_now));
    } else {
      kept.instructions[*index] = Kept::none;
    }
  }
}

// What was found in the file as a whole, and in the stages and instructions of a Dockerfile.
std::vector<Found> all_found(const std::vector<Finding>& of_file, const Version* version) {
  std::vector<Found> all;
  for (const Finding& finding : of_file) all.push_back({&finding});
  if (!version) return all;
  for (std::uint32_t i = 0; i < version->of_stages.size(); ++i) {
    for (const Finding& finding : version->of_stages[i]) all.push_back({&finding, i});
  }
  for (const auto& [index, of_instruction] : version->of_instructions) {
    for (const Finding& finding : of_instruction) all.push_back({&finding});
  }
  return all;
}

}  // namespace

Analysis Analyser::analyse(const std::shared_ptr<const Snapshot>& snapshot, const Config& config,
                           const Context& context, const OutOfTime& out_of_time,
                           SharedViews* views) {
  Analysis analysis;
  SharedViews own;
  SharedViews& shared = views ? *views : own;
  std::unique_ptr<Memory, Delete> now;
  if (const auto* file = dynamic_cast<const ComposeFile*>(snapshot.get())) {
    analysis = analyse_compose(*file, config, context, out_of_time, shared);
  } else if (const auto* ignored = dynamic_cast<const IgnoreFile*>(snapshot.get())) {
    analysis = analyse_whole(*ignored, config, context, out_of_time, shared);
  } else if (const auto document = std::dynamic_pointer_cast<const Document>(snapshot)) {
    const auto before = std::exchange(memory_, nullptr);
    now.reset(new Memory{Version(document), context.today});
    Kept kept(now->version);
    if (before && before->today == context.today) {
      kept = kept_of(before->version, now->version);
      take_over(before->version, now->version, kept);
    }
    const Nodes nodes(*document, kept);
    if (before && !views) {
      std::vector<std::uint32_t> anew;
      for (const Instruction& instruction : nodes.instructions) anew.push_back(instruction.index());
      own = SharedViews({std::move(before->facts), std::move(anew),
                         [&](std::uint32_t old) { return kept.index_of(old, before->version); }});
    }
    Collected found;
    run_rules(config, context, out_of_time, shared, analysis, found.findings,
              [&](const Rule& rule, Report& report) {
                found.owners.resize(found.findings.size());
                for (const Check& check : rule.checks)
                  run(rule, check, *document, nodes, report, found);
              });
    for (std::size_t i = 0; i < found.findings.size(); ++i) {
      const auto [target, index] = found.owners[i];
      auto& kept_with = target == Target::stage         ? now->version.of_stages[index]
                        : target == Target::instruction ? now->version.of_instructions[index]
                                                        : analysis.findings;
      kept_with.push_back(std::move(found.findings[i]));
    }
    now->facts = own.release_facts();
  }
  analysis.findings = finished(*snapshot, config, context,
                               all_found(analysis.findings, now ? &now->version : nullptr));
  if (analysis.broken.empty() && analysis.left_out.empty()) memory_ = std::move(now);
  return analysis;
}

Analysis analyse(const Snapshot& snapshot, const Config& config, const Context& context,
                 const OutOfTime& out_of_time, SharedViews* views) {
  // The snapshot outlives the call, and so is nobody's here.
  return Analyser().analyse(
      std::shared_ptr<const Snapshot>(std::shared_ptr<const Snapshot>(), &snapshot), config,
      context, out_of_time, views);
}

}  // namespace bulkhead
