#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <exception>
#include <iterator>
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
    for (std::uint32_t i = 0; i < kept.anew.size(); ++i) {
      if (!kept.anew[i]) continue;
      const Instruction& instruction = instructions.emplace_back(document, i);
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

  auto operator<=>(const Owner&) const = default;
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

// The same for what is no Dockerfile.
void run(const Check& check, const Snapshot& snapshot, Report& report) {
  if (const auto* file = dynamic_cast<const ComposeFile*>(&snapshot)) {
    if (check.target == Target::compose_file) check.run(file, report);
    if (check.target != Target::service) return;
    for (const Service& service : file->services()) check.run(&service, report);
  } else if (const auto* ignored = dynamic_cast<const IgnoreFile*>(&snapshot)) {
    if (check.target == Target::ignore_file) check.run(ignored, report);
  }
}

// Runs `checks(rule, report)` for each of the rules that there is time for, and adds what is found to `findings`.
template <class Checks>
void run_rules(std::span<const Rule* const> rules, const Context& context,
               const OutOfTime& out_of_time, SharedViews& views, Analysis& analysis,
               std::vector<Finding>& findings, Checks checks) {
  for (const Rule* rule : rules) {
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

// A finding among those of all rules and nodes.
struct Found {
  Finding* finding;
  Owner owner;
  std::uint32_t before = Analysis::none;  // as in Analysis::Earlier
  bool is_shown = true;
  bool is_there = true;  // all that it speaks of, in the text that it is taken over into
};

// In which order they are told, whoever has found them.
std::strong_ordering by_place(const Found& one, const Found& other) {
  const Finding& a = *one.finding;
  const Finding& b = *other.finding;
  if (a.span.begin != b.span.begin) return a.span.begin <=> b.span.begin;
  return std::tuple(a.span.end, a.rule->id, std::string_view(a.message)) <=>
         std::tuple(b.span.end, b.rule->id, std::string_view(b.message));
}

bool stands_before(const Found& one, const Found& other) {
  const auto order = by_place(one, other);
  return order != 0 ? order < 0 : one.owner < other.owner;
}

bool is_of_stage(const Found& found) {
  return found.owner.target == Target::stage;
}

// Of stages that are built on the same one, each says the same of it: the first one's word counts.
void hide_repeated(std::vector<Found>& in_order) {
  const auto is_same = [](const Found& one, const Found& other) {
    return one.finding->span == other.finding->span && one.finding->rule == other.finding->rule;
  };
  for (auto at = in_order.begin(); at != in_order.end();) {
    const auto last = std::find_if(at + 1, in_order.end(),
                                   [&](const Found& next) { return !is_same(next, *at); });
    const auto first_of_stage = std::find_if(at, last, is_of_stage);
    if (last - at > 1 && first_of_stage != last) {
      Owner first = first_of_stage->owner;
      for (const Found& found : std::span(at, last))
        if (is_of_stage(found)) first = std::min(first, found.owner);
      for (Found& found : std::span(at, last))
        if (is_of_stage(found) && found.owner != first) found.is_shown = false;
    }
    at = last;
  }
}

// Services that share an entry, by an anchor or by extending one another, share what is said of it.
void leave_first_of_entry(std::vector<Finding>& findings) {
  std::set<std::pair<const Rule*, std::uint32_t>> seen;
  std::erase_if(findings, [&](const Finding& finding) {
    return !seen.emplace(finding.rule, finding.span.begin).second;
  });
}

}  // namespace

struct Analyser::Memory {
  std::shared_ptr<const Snapshot> snapshot;
  decltype(Context::today) today;
  std::vector<const Rule*> rules;       // that the config has chosen
  std::optional<Version> version = {};  // of a Dockerfile
  SharedViews::Facts facts = {};
  std::vector<Owner> owners = {};  // of the findings in `analysis_`
  // What is not shown: a comment silences it, or another stage says the same.
  Collected hidden = {};
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

// What is behind the change has moved, even if text was put in front of it that begins like it.
Change in_front_of_what_is_kept(const Change& change, const Version& before, const Version& now,
                                const Kept& kept) {
  if (kept.same.back == 0) return change;
  const Document& old = *before.document;
  const std::size_t behind = old.instructions().size() - kept.same.back;
  const std::uint32_t last = behind == 0 ? 0 : gap_begin(old, static_cast<std::uint32_t>(behind));
  return change.beginning_by(last, old.text(), now.document->text());
}

// What gathered facts need to know of the version before.
SharedViews::Earlier earlier_facts(SharedViews::Facts facts, const Nodes& nodes, const Kept& kept,
                                   const Version& before, const Version& now,
                                   const Change& change) {
  std::vector<std::uint32_t> anew;
  for (const Instruction& instruction : nodes.instructions) anew.push_back(instruction.index());
  const std::size_t old_size = before.document->instructions().size();
  const std::size_t size = now.document->instructions().size();
  const auto [front, back] = kept.same;
  // Comments that an edit has touched stand above an instruction that it may have left where it was.
  const std::uint32_t first = now.document->first_from(change.begin());
  return {.facts = std::move(facts),
          .anew = std::move(anew),
          .first = static_cast<std::uint32_t>(front),
          .behind = static_cast<std::uint32_t>(old_size - back),
          .growth = static_cast<std::int64_t>(size) - static_cast<std::int64_t>(old_size),
          .first_below = std::min(first, static_cast<std::uint32_t>(front)),
          .last_below = static_cast<std::uint32_t>(size - back)};
}

// Of what was found before, in order.
struct TakenOver {
  std::vector<Found> kept;   // what still holds
  std::vector<Found> other;  // what may be found again in what is looked at again
};

// Tells where all of `found` is now. A node that a finding of is not there any more is looked at again.
TakenOver take_over(std::vector<Found> found, const Version& before, Kept& kept,
                    const Change& change) {
  const auto is_kept = [&](const Found& each) {
    const auto [target, index] = each.owner;
    return target == Target::stage
               ? index < kept.stages.size() && kept.stages[index] &&
                     !(kept.other_dependents[index] && each.finding->rule->looks_at_dependents)
               : target == Target::instruction && kept.index_of(index, before);
  };
  for (Found& each : found) {
    each.is_there = move(*each.finding, change);
    if (each.is_there || !is_kept(each)) continue;
    const auto [target, index] = each.owner;
    if (target == Target::stage) {
      kept.stages[index] = false;
    } else {
      kept.anew[*kept.index_of(index, before)] = true;
    }
  }
  TakenOver taken;
  for (Found& each : found) {
    if (!is_kept(each)) {
      if (each.is_there) taken.other.push_back(each);
      continue;
    }
    if (each.owner.target == Target::instruction)
      each.owner.index = *kept.index_of(each.owner.index, before);
    taken.kept.push_back(each);
  }
  return taken;
}

bool say_the_same(const Finding& one, const Finding& other) {
  return one.rule == other.rule && one.span == other.span && one.severity == other.severity &&
         one.message == other.message && one.tags == other.tags &&
         std::ranges::equal(one.related, other.related, [](const Related& a, const Related& b) {
           return a.span == b.span && a.message == b.message;
         });
}

// What the last analysis found, shown or not, in order.
std::vector<Found> found_before(Analysis& analysis, const std::vector<Owner>& owners,
                                Collected& hidden) {
  std::vector<Found> all;
  all.reserve(owners.size() + hidden.owners.size());
  for (std::uint32_t i = 0; i < owners.size(); ++i)
    all.push_back({&analysis.findings[i], owners[i], i});
  for (std::size_t i = 0; i < hidden.owners.size(); ++i)
    all.push_back({&hidden.findings[i], hidden.owners[i]});
  std::inplace_merge(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(owners.size()),
                     all.end(), stands_before);
  return all;
}

// What has been found now, and what still holds of what was found before, in order.
std::vector<Found> all_found(Collected& found, const TakenOver& before) {
  std::vector<Found> anew;
  anew.reserve(found.findings.size());
  for (std::size_t i = 0; i < found.findings.size(); ++i) {
    Found each{&found.findings[i], found.owners[i]};
    const auto same = std::ranges::lower_bound(
        before.other, each, [](const Found& a, const Found& b) { return by_place(a, b) < 0; });
    if (same != before.other.end() && say_the_same(*same->finding, *each.finding))
      each.before = same->before;
    anew.push_back(each);
  }
  std::ranges::stable_sort(anew, stands_before);
  std::vector<Found> all;
  all.reserve(before.kept.size() + anew.size());
  std::ranges::merge(before.kept, anew, std::back_inserter(all), stands_before);
  return all;
}

// Divides what was found, in order, into what is shown and what is not.
void divide(const std::vector<Found>& all, Analysis& analysis, std::vector<Owner>& owners,
            Collected& hidden) {
  analysis.findings.reserve(all.size());
  owners.reserve(all.size());
  for (const Found& each : all) {
    (each.is_shown ? analysis.findings : hidden.findings).push_back(std::move(*each.finding));
    (each.is_shown ? owners : hidden.owners).push_back(each.owner);
    if (each.is_shown && analysis.earlier) analysis.earlier->indices.push_back(each.before);
  }
}

}  // namespace

const Analysis& Analyser::analyse(const std::shared_ptr<const Snapshot>& snapshot,
                                  const Config& config, const Context& context,
                                  const OutOfTime& out_of_time, SharedViews* views) {
  Analysis last = std::exchange(analysis_, {});
  auto before = std::exchange(memory_, nullptr);
  const auto document = std::dynamic_pointer_cast<const Document>(snapshot);
  // The file may have been too large to be read as a Dockerfile.
  if (before && (before->today != context.today || before->version.has_value() != bool(document)))
    before.reset();
  std::unique_ptr<Memory, Delete> now(
      new Memory{snapshot, context.today, before ? std::move(before->rules) : chosen(config)});
  TakenOver taken;
  std::optional<Change> change;
  if (before) {
    taken.other = found_before(last, before->owners, before->hidden);
    change.emplace(before->snapshot->text(), snapshot->text());
  }
  std::optional<Kept> kept;
  SharedViews own;
  SharedViews& shared = views ? *views : own;
  Analysis analysis;
  Collected found;

  if (document) {
    now->version.emplace(document, before ? &*before->version : nullptr);
    kept.emplace(*now->version);
    if (before) {
      *kept = kept_of(*before->version, *now->version, *change);
      change = in_front_of_what_is_kept(*change, *before->version, *now->version, *kept);
      taken = take_over(std::move(taken.other), *before->version, *kept, *change);
    }
    const Nodes nodes(*document, *kept);
    if (before && !views)
      own = SharedViews(earlier_facts(std::move(before->facts), nodes, *kept, *before->version,
                                      *now->version, *change));
    run_rules(now->rules, context, out_of_time, shared, analysis, found.findings,
              [&](const Rule& rule, Report& report) {
                if (found.owners.size() > found.findings.size())  // the rule before has thrown
                  found.owners.resize(found.findings.size());
                for (const Check& check : rule.checks)
                  run(rule, check, *document, nodes, report, found);
              });
  } else {
    std::erase_if(taken.other, [&](const Found& each) { return !move(*each.finding, *change); });
    run_rules(now->rules, context, out_of_time, shared, analysis, found.findings,
              [&](const Rule& rule, Report& report) {
                for (const Check& check : rule.checks) run(check, *snapshot, report);
              });
    if (dynamic_cast<const ComposeFile*>(snapshot.get())) leave_first_of_entry(found.findings);
  }
  found.owners.resize(found.findings.size());
  for (Finding& finding : found.findings) {
    const auto severity = config.severities.find(finding.rule);
    if (severity != config.severities.end()) finding.severity = severity->second;
  }

  std::vector<Found> all = all_found(found, taken);
  const Suppressions suppressions(*snapshot, context.today, shared);
  for (Found& each : all) each.is_shown = !suppressions.covers(*each.finding);
  hide_repeated(all);
  if (document) now->facts = own.release_facts(*document);
  if (change) analysis.earlier = Analysis::Earlier{*change};
  divide(all, analysis, now->owners, now->hidden);
  if (analysis.broken.empty() && analysis.left_out.empty()) memory_ = std::move(now);
  analysis_ = std::move(analysis);
  return analysis_;
}

Analysis analyse(const Snapshot& snapshot, const Config& config, const Context& context,
                 const OutOfTime& out_of_time, SharedViews* views) {
  // The snapshot outlives the call, and so is nobody's here.
  Analyser analyser;
  analyser.analyse(std::shared_ptr<const Snapshot>(std::shared_ptr<const Snapshot>(), &snapshot),
                   config, context, out_of_time, views);
  return std::move(analyser).analysis();
}

}  // namespace bulkhead
