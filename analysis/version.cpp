#include "analysis/version.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/engine.h"
#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/text/ascii.h"
#include "analysis/text/common_ends.h"
#include "analysis/text/whole_word.h"

namespace bulkhead {
namespace {

std::vector<std::uint32_t> stage_begins(const Document& document) {
  std::vector<std::uint32_t> begins;
  for (const Stage& stage : document.stages()) {
    const Instruction from = stage.from();
    begins.push_back(begins.empty() ? from.begin() : gap_begin(document, from.index()));
  }
  begins.push_back(static_cast<std::uint32_t>(document.text().size()));
  return begins;
}

Links::Edges reversed(const Links::Edges& edges) {
  Links::Edges reversed(edges.size());
  for (std::uint32_t from = 0; from < edges.size(); ++from) {
    for (const std::uint32_t to : edges[from]) reversed[to].push_back(from);
  }
  return reversed;
}

// Whether the stages have the same names, and say the same of each other.
bool hang_together_alike(const Document& before, const Document& now) {
  return before.stages().size() == now.stages().size() &&
         std::ranges::all_of(now.stages(), [&](const Stage& stage) {
           const Stage old(before, stage.index());
           return stage.is_shared_with(old) ||
                  (old.name() == stage.name() && old.parent() == stage.parent() &&
                   old.sources() == stage.sources());
         });
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
      return has_whole_word(text, name, is_name_character);
    };
    return std::ranges::any_of(names_, stands) || has_split_word(text);
  }

 private:
  std::set<std::string, std::less<>> names_;
};

class Comparison {
 public:
  Comparison(const Version& before, const Version& now, const Change& change)
      : before_(before),
        now_(now),
        change_(change),
        kept_(now),
        reached_(now.document->stages().size(), false),
        revalued_(reached_) {}

  Kept kept() && {
    const std::size_t count = reached_.size();
    const auto& [old_document, old_begins, old_links] = before_;
    if (old_begins.size() != count + 1 || count == 0 || old_begins[0] != now_.begins[0] ||
        old_document->text({0, old_begins[0]}) != text({0, now_.begins[0]}) ||
        old_document->line_end() != now_.document->line_end())
      return std::move(kept_);
    std::vector<bool> changed(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Stage old(*old_document, i);
      const Stage stage(*now_.document, i);
      if (!stage.is_shared_with(old) && old.name() != stage.name()) return std::move(kept_);
      changed[i] = !has_same_text(i);
      // Another one has begun or ceased to use it.
      if (old.is_shipped() != stage.is_shipped() || old.is_delivered() != stage.is_delivered())
        reached_[i] = changed[i] = true;
    }
    match_instructions();
    for (std::size_t i = 0; i < count; ++i) changed[i] = changed[i] || reached_[i];
    reach_by_values();
    spread(reached_, {&now_.links->above});
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!reached_[i]) continue;
      for (const Instruction& instruction : Stage(*now_.document, i).instructions())
        kept_.anew[instruction.index()] = true;
    }
    if (old_links != now_.links) {
      mark_linked_anew(changed, old_links->below, now_.links->below);
      mark_linked_anew(changed, old_links->used, now_.links->used);
    }
    keep_stages(changed);
    return std::move(kept_);
  }

 private:
  std::string_view text(Span span) const { return now_.document->text(span); }

  bool has_same_text(std::size_t stage) const {
    const Span old{before_.begins[stage], before_.begins[stage + 1]};
    const Span now{now_.begins[stage], now_.begins[stage + 1]};
    const bool is_in_front = now == old && old.end <= change_.begin();
    const bool is_behind = old.begin >= change_.old_end() &&
                           now == Span{change_.behind(old.begin), change_.behind(old.end)};
    return is_in_front || is_behind || before_.document->text(old) == text(now);
  }

  // An edit leaves what stands in front of it and behind it as it was.
  void match_instructions() {
    const std::size_t old_size = before_.document->instructions().size();
    const std::size_t size = kept_.anew.size();
    // With as many stages each is of the same one. Whether another shell reads it is told by what reaches it.
    kept_.same = now_.document->common_ends_with(*before_.document);
    const auto [front, back] = kept_.same;
    std::fill_n(kept_.anew.begin(), front, false);
    std::fill_n(kept_.anew.rbegin(), back, false);
    mark_touched(*before_.document, front, old_size - back);
    mark_touched(*now_.document, front, size - back);
    if (touches_from_) mark_named_by_variables();
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
    const auto [front, back] =
        common_ends(old_pairs.size(), pairs.size(), [&](std::size_t old, std::size_t now) {
          return text_of(old_pairs[old]) == text_of(pairs[now]);
        });
    for (std::vector<Pair>* each : {&old_pairs, &pairs})
      *each = {each->begin() + static_cast<std::ptrdiff_t>(front),
               each->end() - static_cast<std::ptrdiff_t>(back)};
  }

  void add_names(const std::vector<Pair>& pairs) {
    for (const Pair& pair : pairs) {
      const auto stage = pair.name().instruction().stage();
      if (!stage) continue;
      revalued_[stage->index()] = true;
      if (!names_.add(pair)) reached_[stage->index()] = true;
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
  void reach_by_values() {
    if (names_.empty()) return;
    spread(revalued_, {&now_.links->above});
    for (const Stage& stage : now_.document->stages()) {
      if (names_.are_many()) break;
      if (revalued_[stage.index()]) reach_by_values(stage);
    }
    const bool is_asked_for = std::ranges::any_of(all_rules(), [&](const Rule* rule) {
      return std::ranges::any_of(rule->environment,
                                 [&](std::string_view name) { return names_.contains(name); });
    });
    for (std::size_t i = 0; (is_asked_for || names_.are_many()) && i < revalued_.size(); ++i)
      reached_[i] = reached_[i] || revalued_[i];
  }

  void reach_by_values(const Stage& stage) {
    for (const Instruction& instruction : stage.instructions()) {
      if (names_.are_many()) break;
      // FROM sees what stands above all stages.
      if (instruction.kind() == Keyword::from || !names_.stand_in(text(instruction.span())))
        continue;
      kept_.anew[instruction.index()] = true;
      if (reaches_others(instruction.kind())) reached_[stage.index()] = true;
      if (gives_values(instruction.kind())) add_names(made_of_others(instruction));
    }
  }

  // The stages that instructions [first, last) of a version have a say in.
  void mark_touched(const Document& document, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const Instruction instruction(document, static_cast<std::uint32_t>(i));
      touches_from_ = touches_from_ || instruction.kind() == Keyword::from;
      const auto stage = instruction.stage();
      if (stage && reaches_others(instruction.kind())) reached_[stage->index()] = true;
    }
  }

  // A variable that names the image of one FROM may be given another value only if no other FROM names it.
  void mark_named_by_variables() {
    for (const Stage& stage : now_.document->stages()) {
      const auto image = stage.from().image_word();
      if (image && image->has_variable()) reached_[stage.index()] = true;
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

  // Whether an instruction that takes files from another stage is to be looked at.
  bool takes_files_anew(const Stage& stage) const {
    return std::ranges::any_of(stage.instructions(), [&](const Instruction& instruction) {
      if (!kept_.anew[instruction.index()]) return false;
      return instruction.kind() == Keyword::copy  ? Copy(instruction).from().has_value()
             : instruction.kind() == Keyword::run ? !Run(instruction).mounts("from").empty()
                                                  : false;
    });
  }

  // What is built on a stage that changed is looked at again; what that is built on, what takes files from it, and
  // what it takes files from, only if other files come of it, or for a rule that asks for that.
  void keep_stages(const std::vector<bool>& changed) {
    const auto& [below, used, above, users] = *now_.links;
    std::vector<bool> up = changed;
    spread(up, {&above});
    std::vector<bool> down = changed;
    for (std::uint32_t i = 0; i < changed.size(); ++i) {
      if (!changed[i] || !takes_files_anew(Stage(*now_.document, i))) continue;
      for (const std::uint32_t other : used[i]) down[other] = true;
    }
    spread(down, {&below});
    bool is_other = before_.links != now_.links;
    for (std::uint32_t i = 0; i < up.size() && !is_other; ++i) {
      is_other = up[i] && !leave_same_files(Stage(*before_.document, i).effects().effects(),
                                            Stage(*now_.document, i).effects().effects());
    }
    if (is_other) {
      spread(up, {&above, &users});
      spread(down, {&below, &used});
    }
    std::vector<bool> kin = down;
    spread(kin, {&above});
    kept_.other_dependents = std::move(kin);
    for (std::size_t i = 0; i < changed.size(); ++i)
      kept_.stages[i] = !up[i] && !(is_other && down[i]);
  }

  const Version& before_;
  const Version& now_;
  const Change& change_;
  Kept kept_;
  std::vector<bool> reached_;  // stages in which any instruction may mean something else
  // Stages in which one that names some of these variables may.
  std::vector<bool> revalued_;
  Names names_;
  bool touches_from_ = false;
};

}  // namespace

Links::Links(const Document& document) : below(document.stages().size()), used(below.size()) {
  for (const Stage& stage : document.stages()) {
    if (const auto parent = stage.parent()) below[stage.index()].push_back(parent->index());
    for (const std::string& source : stage.sources()) {
      if (const auto other = document.stage(source)) used[stage.index()].push_back(other->index());
    }
  }
  above = reversed(below);
  users = reversed(used);
}

Version::Version(std::shared_ptr<const Document> of, const Version* before)
    : document(std::move(of)),
      begins(stage_begins(*document)),
      links(before && hang_together_alike(*before->document, *document)
                ? before->links
                : std::make_shared<const Links>(*document)) {
  // Another image that files come from links no stages.
  if (before && before->links != links && *before->links == *links) links = before->links;
}

std::optional<std::uint32_t> Kept::index_of(std::uint32_t old, const Version& before) const {
  const std::size_t behind = before.document->instructions().size() - same.back;
  if (old >= same.front && old < behind) return std::nullopt;
  const std::size_t index = old < same.front ? old : anew.size() - same.back + (old - behind);
  return anew[index] ? std::nullopt : std::optional(static_cast<std::uint32_t>(index));
}

Kept kept_of(const Version& before, const Version& now, const Change& change) {
  return Comparison(before, now, change).kept();
}

std::uint32_t gap_begin(const Document& document, std::uint32_t index) {
  const std::uint32_t begin = Instruction(document, index--).begin();
  while (Instruction(document, index).is_trigger()) --index;
  const auto line_end = document.text().find('\n', Instruction(document, index).span().end);
  return line_end < begin ? static_cast<std::uint32_t>(line_end) + 1 : begin;
}

}  // namespace bulkhead
