#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/engine.h"
#include "analysis/ignore_file.h"
#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/suppressions.h"
#include "analysis/text/ascii.h"
#include "analysis/text/change.h"

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

constexpr std::int32_t none = -1;

std::int32_t stage_of(const Instruction& instruction) {
  const auto stage = instruction.stage();
  return stage ? static_cast<std::int32_t>(stage->index()) : none;
}

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

// Where the lines in front of instruction `index`, comments and blank ones, begin: behind the last line of the
// instruction above, of which there has to be one.
std::uint32_t gap_begin(const Document& document, std::uint32_t index) {
  const std::uint32_t begin = Instruction(document, index--).begin();
  while (Instruction(document, index).is_trigger()) --index;
  const auto line_end = document.text().find('\n', Instruction(document, index).span().end);
  return line_end < begin ? static_cast<std::uint32_t>(line_end) + 1 : begin;
}

// Where each stage begins: with the comments above its FROM, behind the last line of the one before. The
// first one begins with its FROM. In order; the end of the text comes last.
std::vector<std::uint32_t> stage_begins(const Document& document) {
  std::vector<std::uint32_t> begins;
  for (const Stage& stage : document.stages()) {
    const Instruction from = stage.from();
    begins.push_back(begins.empty() ? from.begin() : gap_begin(document, from.index()));
  }
  begins.push_back(static_cast<std::uint32_t>(document.text().size()));
  return begins;
}

// How stages hang together.
struct Links {
  explicit Links(const Document& document) : below(document.stages().size()), used(below.size()) {
    for (const Stage& stage : document.stages()) {
      if (const auto parent = stage.parent()) below[stage.index()].push_back(parent->index());
      for (const std::string& source : stage.sources()) {
        if (const auto other = document.stage(source))
          used[stage.index()].push_back(other->index());
      }
    }
  }

  bool operator==(const Links&) const = default;

  using Edges = std::vector<std::vector<std::uint32_t>>;
  Edges below;  // for each stage the one that it is built on, if that is one
  Edges used;   // for each stage those that it takes files from
};

Links::Edges reversed(const Links::Edges& edges) {
  Links::Edges reversed(edges.size());
  for (std::uint32_t from = 0; from < edges.size(); ++from) {
    for (const std::uint32_t to : edges[from]) reversed[to].push_back(from);
  }
  return reversed;
}

// Marks all that can be reached from what is marked.
void spread(std::vector<bool>& marked, std::initializer_list<const Links::Edges*> edges) {
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < marked.size(); ++i) {
    if (marked[i]) open.push_back(i);
  }
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    for (const Links::Edges* each : edges) {
      for (const std::uint32_t other : (*each)[at]) {
        if (!marked[other]) open.push_back(other);
        marked[other] = true;
      }
    }
  }
}

// Whether an instruction does no more to others than to give variables their values.
bool gives_values(Keyword keyword) {
  return keyword == Keyword::arg || keyword == Keyword::env;
}

// Whether an instruction has a say in how others are to be understood, in its own stage or in those that
// are built on it, by more than the values of variables.
bool reaches_others(Keyword keyword) {
  switch (keyword) {
    case Keyword::add:
    case Keyword::arg:
    case Keyword::cmd:
    case Keyword::copy:
    case Keyword::entrypoint:
    case Keyword::env:
    case Keyword::expose:
    case Keyword::healthcheck:
    case Keyword::label:
    case Keyword::maintainer:
    case Keyword::run:
    case Keyword::stopsignal:
    case Keyword::volume:
      return false;
    default:
      return true;
  }
}

// Whether a word of the text may go on behind the end of a line, for the shell or for the builder.
bool has_split_word(std::string_view text) {
  for (std::size_t feed = text.find('\n'); feed != text.npos; feed = text.find('\n', feed + 1)) {
    const std::string_view line = text.substr(0, feed);
    const std::size_t last = line.find_last_not_of(" \t\r");
    const bool continues = last != line.npos && last > 0 &&
                           (line[last] == '\\' || line[last] == '`') &&
                           is_name_character(line[last - 1]);
    if (continues && feed + 1 < text.size() && !is_blank(text[feed + 1])) return true;
  }
  return false;
}

// Names of variables.
class Names {
 public:
  bool empty() const { return names_.empty(); }
  // More than an edit gives to: then all is looked at sooner than for each of them.
  bool are_many() const { return names_.size() > 64; }
  bool contains(std::string_view name) const { return names_.contains(name); }

  // Adds what the pair gives a value to. Returns whether its name is known.
  bool add(const Pair& pair) {
    names_.insert(pair.name().value().text);
    return !pair.name().has_variable();
  }

  // Whether one of them may stand in `text`.
  bool stand_in(std::string_view text) const {
    const auto stands = [&](std::string_view name) {
      for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        const bool is_part = (at > 0 && is_name_character(text[at - 1])) ||
                             (end < text.size() && is_name_character(text[end]));
        if (!is_part) return true;
      }
      return false;
    };
    return std::ranges::any_of(names_, stands) || has_split_word(text);
  }

 private:
  std::set<std::string, std::less<>> names_;
};

// What an analysis keeps for the next one.
struct Version {
  explicit Version(std::shared_ptr<const Document> of)
      : document(std::move(of)),
        begins(stage_begins(*document)),
        links(*document),
        of_stages(document->stages().size()),
        of_instructions(document->instructions().size()) {}

  std::shared_ptr<const Document> document;
  std::vector<std::uint32_t> begins;  // of its stages
  Links links;
  // What the checks on each node found, suppressed or not.
  std::vector<std::vector<Finding>> of_stages;
  std::vector<std::vector<Finding>> of_instructions;  // and on their commands
};

// What of a version need not be looked at again.
struct Kept {
  explicit Kept(const Version& now)
      : stages(now.of_stages.size(), false), instructions(now.of_instructions.size(), none) {}

  std::vector<bool> stages;
  // The index that each instruction had before; none for those that are to be looked at.
  std::vector<std::int32_t> instructions;
  // The first instruction of the version before that stands behind what has changed.
  std::uint32_t first_behind = 0;
};

class Comparison {
 public:
  Comparison(const Version& before, const Version& now)
      : before_(before),
        now_(now),
        kept_(now),
        reached_(now.of_stages.size(), false),
        revalued_(reached_) {}

  Kept kept() && {
    const std::size_t count = now_.of_stages.size();
    const auto& [old_document, old_begins, old_links, old_of_stages, old_of_instructions] = before_;
    if (old_begins.size() != count + 1 || count == 0 || old_begins[0] != now_.begins[0] ||
        old_document->text({0, old_begins[0]}) != text({0, now_.begins[0]}) ||
        old_document->line_end() != now_.document->line_end())
      return std::move(kept_);
    std::vector<bool> changed(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Stage old(*old_document, i);
      const Stage stage(*now_.document, i);
      if (old.name() != stage.name()) return std::move(kept_);
      changed[i] = old_document->text({old_begins[i], old_begins[i + 1]}) !=
                   text({now_.begins[i], now_.begins[i + 1]});
      // Another one has begun or ceased to use it.
      if (old.is_shipped() != stage.is_shipped()) reached_[i] = changed[i] = true;
    }
    match_instructions();
    const Links::Edges above = reversed(now_.links.below);
    reach_by_values(above);
    spread(reached_, {&above});
    for (std::uint32_t i = 0; i < kept_.instructions.size(); ++i) {
      const std::int32_t stage = stage_of(Instruction(*now_.document, i));
      if (stage != none && reached_[static_cast<std::size_t>(stage)]) kept_.instructions[i] = none;
    }
    mark_linked_anew(changed, old_links.below, now_.links.below);
    mark_linked_anew(changed, old_links.used, now_.links.used);
    mark_affected(changed, above);
    for (std::size_t i = 0; i < count; ++i) kept_.stages[i] = !changed[i];
    return std::move(kept_);
  }

 private:
  std::string_view text(Span span) const { return now_.document->text(span); }

  // An edit leaves what stands in front of it and behind it as it was.
  void match_instructions() {
    const std::size_t old_size = before_.of_instructions.size();
    const std::size_t size = kept_.instructions.size();
    const std::size_t most = std::min(old_size, size);
    const auto growth =
        static_cast<std::uint32_t>(now_.document->text().size() - before_.document->text().size());
    const auto is_same = [&](std::size_t old_index, std::size_t index, std::uint32_t moved_by) {
      const Instruction old(*before_.document, static_cast<std::uint32_t>(old_index));
      const Instruction now(*now_.document, static_cast<std::uint32_t>(index));
      // Whether another shell reads it is told by what reaches it.
      return old.begin() + moved_by == now.begin() && stage_of(old) == stage_of(now) &&
             &old.data() == &now.data();
    };
    std::size_t front = 0;
    while (front < most && is_same(front, front, 0)) {
      kept_.instructions[front] = static_cast<std::int32_t>(front);
      ++front;
    }
    std::size_t back = 0;
    while (back < most - front && is_same(old_size - back - 1, size - back - 1, growth)) {
      ++back;
      kept_.instructions[size - back] = static_cast<std::int32_t>(old_size - back);
    }
    kept_.first_behind = static_cast<std::uint32_t>(old_size - back);
    mark_touched(*before_.document, front, old_size - back);
    mark_touched(*now_.document, front, size - back);
    auto old_pairs = pairs_of(*before_.document, front, old_size - back);
    auto pairs = pairs_of(*now_.document, front, size - back);
    // Inside of one instruction what stands in front of an edit, and behind it, gives what it gave.
    const bool is_one = old_size - back == front + 1 && size == old_size &&
                        Instruction(*before_.document, static_cast<std::uint32_t>(front)).kind() ==
                            Instruction(*now_.document, static_cast<std::uint32_t>(front)).kind();
    if (is_one) leave_differences(old_pairs, pairs);
    add_names(old_pairs);
    add_names(pairs);
  }

  static std::vector<Pair> pairs_of(const Document& document, std::size_t first, std::size_t last) {
    std::vector<Pair> all;
    for (std::size_t i = first; i < last; ++i) {
      const Instruction instruction(document, static_cast<std::uint32_t>(i));
      if (!gives_values(instruction.kind())) continue;
      for (const Pair& pair : instruction.pairs()) all.push_back(pair);
    }
    return all;
  }

  static void leave_differences(std::vector<Pair>& old_pairs, std::vector<Pair>& pairs) {
    const auto text_of = [](const Pair& pair) {
      return pair.name().instruction().document().text(pair.span());
    };
    const auto [old_front, front] = std::ranges::mismatch(old_pairs, pairs, {}, text_of, text_of);
    old_pairs.erase(old_pairs.begin(), old_front);
    pairs.erase(pairs.begin(), front);
    while (!old_pairs.empty() && !pairs.empty() &&
           text_of(old_pairs.back()) == text_of(pairs.back())) {
      old_pairs.pop_back();
      pairs.pop_back();
    }
  }

  void add_names(const std::vector<Pair>& pairs) {
    for (const Pair& pair : pairs) {
      const std::int32_t stage = stage_of(pair.name().instruction());
      if (stage == none) continue;
      revalued_[static_cast<std::size_t>(stage)] = true;
      if (!names_.add(pair)) reached_[static_cast<std::size_t>(stage)] = true;
    }
  }

  // The pairs whose values, or names, may be others because others are.
  std::vector<Pair> made_of_others(const Instruction& instruction) const {
    std::vector<Pair> made;
    for (const Pair& pair : instruction.pairs()) {
      const auto value = pair.value();
      const bool names_one = (value && names_.stand_in(value->text())) ||
                             (pair.name().has_variable() && names_.stand_in(pair.name().text()));
      if (names_one) made.push_back(pair);
    }
    return made;
  }

  // Of what is in force somewhere, only the values of some variables may be others: looks again at what names
  // one of these.
  void reach_by_values(const Links::Edges& above) {
    if (names_.empty()) return;
    spread(revalued_, {&above});
    for (const Instruction& instruction : now_.document->instructions()) {
      if (names_.are_many()) break;
      const std::int32_t stage = stage_of(instruction);
      // FROM sees what stands above all stages.
      if (stage == none || !revalued_[static_cast<std::size_t>(stage)] ||
          instruction.kind() == Keyword::from || !names_.stand_in(text(instruction.span())))
        continue;
      kept_.instructions[instruction.index()] = none;
      if (reaches_others(instruction.kind())) reached_[static_cast<std::size_t>(stage)] = true;
      if (gives_values(instruction.kind())) add_names(made_of_others(instruction));
    }
    const bool is_asked_for = std::ranges::any_of(all_rules(), [&](const Rule* rule) {
      return std::ranges::any_of(rule->environment,
                                 [&](std::string_view name) { return names_.contains(name); });
    });
    for (std::size_t i = 0; (is_asked_for || names_.are_many()) && i < revalued_.size(); ++i)
      reached_[i] = reached_[i] || revalued_[i];
  }

  // The stages that instructions [first, last) of a version have a say in.
  void mark_touched(const Document& document, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const Instruction instruction(document, static_cast<std::uint32_t>(i));
      const std::int32_t stage = stage_of(instruction);
      if (stage != none && reaches_others(instruction.kind()))
        reached_[static_cast<std::size_t>(stage)] = true;
    }
  }

  static void mark_linked_anew(std::vector<bool>& changed, const Links::Edges& before,
                               const Links::Edges& now) {
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (before[i] == now[i]) continue;
      for (const std::uint32_t other : before[i]) changed[other] = true;
      for (const std::uint32_t other : now[i]) changed[other] = true;
    }
  }

  // What is built on a stage that changed, or what that is built on, is looked at again; what takes files
  // from it, or what it takes files from, only if other files come of it.
  void mark_affected(std::vector<bool>& changed, const Links::Edges& above) const {
    const Links::Edges& below = now_.links.below;
    std::vector<bool> up = changed;
    spread(up, {&above});
    std::vector<bool> down = changed;
    spread(down, {&below});
    bool is_other = before_.links != now_.links;
    for (std::uint32_t i = 0; i < up.size() && !is_other; ++i) {
      is_other = up[i] && !leave_same_files(Stage(*before_.document, i).effects(),
                                            Stage(*now_.document, i).effects());
    }
    if (is_other) {
      const Links::Edges users = reversed(now_.links.used);
      spread(up, {&above, &users});
      spread(down, {&below, &now_.links.used});
    }
    for (std::size_t i = 0; i < changed.size(); ++i) changed[i] = up[i] || down[i];
  }

  const Version& before_;
  const Version& now_;
  Kept kept_;
  std::vector<bool> reached_;  // stages in which any instruction may mean something else
  // Stages in which one that names some of these variables may.
  std::vector<bool> revalued_;
  Names names_;
};

// ---- Running the checks

// The nodes of a document that checks are run on, without those that are kept.
struct Nodes {
  Nodes(const Document& document, const Kept& kept) {
    for (const Stage& stage : document.stages()) {
      if (!kept.stages[stage.index()]) stages.push_back(stage);
    }
    for (const Instruction& instruction : document.instructions()) {
      if (kept.instructions[instruction.index()] != none) continue;
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
void run(const Check& check, const Document& document, const Nodes& nodes, Report& report,
         Collected& found) {
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

struct Analyser::Memory {
  Version version;
  decltype(Context::today) today;
};

void Analyser::Delete::operator()(Memory* memory) const {
  delete memory;
}

namespace {

// Takes over what was found in nodes that are kept. One that a finding of cannot be told where it is now is
// looked at again.
void take_over(Version& before, Version& now, Kept& kept) {
  // What is behind the change has moved, even if text was put in front of it that begins like it.
  const bool is_last = kept.first_behind == before.of_instructions.size();
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
    if (kept.stages[i]) kept.stages[i] = take(before.of_stages[i], now.of_stages[i]);
  }
  for (std::size_t i = 0; i < kept.instructions.size(); ++i) {
    std::int32_t& old = kept.instructions[i];
    if (old != none &&
        !take(before.of_instructions[static_cast<std::size_t>(old)], now.of_instructions[i]))
      old = none;
  }
}

// Adds what was found in the stages and instructions. Stages that are built on the same one share what is
// said of it: the first one's word counts.
void append_all(const Version& version, std::vector<Finding>& findings) {
  std::map<std::tuple<const Rule*, std::uint32_t, std::uint32_t>, std::size_t> said_by;
  for (std::size_t i = 0; i < version.of_stages.size(); ++i) {
    for (const Finding& finding : version.of_stages[i]) {
      const auto [first, is_new] =
          said_by.try_emplace({finding.rule, finding.span.begin, finding.span.end}, i);
      if (is_new || first->second == i) findings.push_back(finding);
    }
  }
  for (const auto& of_instruction : version.of_instructions)
    std::ranges::copy(of_instruction, std::back_inserter(findings));
}

}  // namespace

Analysis Analyser::analyse(const std::shared_ptr<const Snapshot>& snapshot, const Config& config,
                           const Context& context, const OutOfTime& out_of_time,
                           SharedViews* views) {
  Analysis analysis;
  SharedViews own;
  SharedViews& shared = views ? *views : own;
  if (const auto* file = dynamic_cast<const ComposeFile*>(snapshot.get())) {
    analysis = analyse_compose(*file, config, context, out_of_time, shared);
  } else if (const auto* ignored = dynamic_cast<const IgnoreFile*>(snapshot.get())) {
    analysis = analyse_whole(*ignored, config, context, out_of_time, shared);
  } else if (const auto document = std::dynamic_pointer_cast<const Document>(snapshot)) {
    const auto before = std::exchange(memory_, nullptr);
    std::unique_ptr<Memory, Delete> now(new Memory{Version(document), context.today});
    Kept kept(now->version);
    if (before && before->today == context.today) {
      kept = Comparison(before->version, now->version).kept();
      take_over(before->version, now->version, kept);
    }
    const Nodes nodes(*document, kept);
    Collected found;
    run_rules(config, context, out_of_time, shared, analysis, found.findings,
              [&](const Rule& rule, Report& report) {
                found.owners.resize(found.findings.size());
                for (const Check& check : rule.checks) run(check, *document, nodes, report, found);
              });
    for (std::size_t i = 0; i < found.findings.size(); ++i) {
      const auto [target, index] = found.owners[i];
      auto& kept_with = target == Target::stage         ? now->version.of_stages[index]
                        : target == Target::instruction ? now->version.of_instructions[index]
                                                        : analysis.findings;
      kept_with.push_back(std::move(found.findings[i]));
    }
    append_all(now->version, analysis.findings);
    if (analysis.broken.empty() && analysis.left_out.empty()) memory_ = std::move(now);
  }
  finish(*snapshot, analysis.findings);
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
