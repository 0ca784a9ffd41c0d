#include "analysis/engine.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/facts/lookup.h"
#include "analysis/facts/rule_names.h"
#include "analysis/ignore_file.h"
#include "analysis/rule.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"
#include "analysis/text/spelling.h"

namespace bulkhead {
namespace {

// Whether `alias` ("hadolint:DL3020") is meant by `name`, which may leave the tool out: `tool`, or any
// if that is empty.
bool means(std::string_view alias, std::string_view name, std::string_view tool) {
  const std::size_t colon = alias.find(':');
  const std::string_view in_tool = alias.substr(colon + 1);
  if (equals_ignoring_case(alias, name)) return true;
  if (tool.empty()) return equals_ignoring_case(in_tool, name);
  return alias.substr(0, colon) == tool &&
         facts::matches_glob(lower_case(name), lower_case(in_tool));
}

// `name` as aliases have it, with its tool if it says one.
std::string current_name(std::string_view name, std::string_view tool) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return facts::current_rule_name(tool, name);
  const std::string own_tool = lower_case(name.substr(0, colon));
  return own_tool + ':' + facts::current_rule_name(own_tool, name.substr(colon + 1));
}

}  // namespace

const Rule* find_rule(std::string_view id) {
  const auto found = std::ranges::find(all_rules(), id, &Rule::id);
  return found == all_rules().end() ? nullptr : *found;
}

std::vector<const Rule*> rules_named(std::string_view name, std::string_view tool) {
  std::vector<const Rule*> found;
  const std::string current = current_name(name, tool);
  for (const Rule* rule : all_rules()) {
    const bool aliased = std::ranges::any_of(
        rule->aliases, [&](std::string_view alias) { return means(alias, current, tool); });
    if (rule->id == name || aliased) found.push_back(rule);
  }
  return found;
}

std::string no_such_rule(std::string_view name) {
  const std::string what = "there is no rule '" + std::string(name) + "'";
  // One code is like the next, and means something else.
  if (std::ranges::any_of(name, is_digit)) return what;
  std::vector<std::string_view> known;
  for (const Rule* rule : all_rules()) {
    known.push_back(rule->id);
    for (const std::string_view alias : rule->aliases)
      known.push_back(alias.substr(alias.find(':') + 1));
  }
  return what + did_you_mean(name, known);
}

std::string documentation_url(const Rule& rule) {
  return "https://github.com/bulkhead-lsp/bulkhead/blob/main/docs/rules/" + std::string(rule.id) +
         ".md";
}

Edit suppress(const Snapshot& snapshot, std::span<const Snapshot::Remark> remarks,
              const Finding& finding) {
  constexpr std::string_view ours = "# bulkhead: ignore=";
  const std::string id(finding.rule->id);
  const std::string_view text = snapshot.text();
  const auto subject = snapshot.subject_at(finding.span.begin);
  if (!subject) {
    const std::uint32_t body = snapshot.body();
    // A directive that ends the file, without a line end, has to stay on top.
    if (body == text.size() && !text.empty() && !text.ends_with('\n'))
      return replace(Span{body, body},
                     std::string(snapshot.line_end()) + "# bulkhead: ignore-file=" + id);
    const std::uint32_t top = line_begin(text, snapshot.body());
    return replace(Span{top, top},
                   "# bulkhead: ignore-file=" + id + std::string(snapshot.line_end()));
  }
  // A comment of ours that stands there already takes one name more.
  const auto behind =
      std::ranges::lower_bound(remarks, subject->begin, {},
                               [](const Snapshot::Remark& remark) { return remark.comment.begin; });
  for (auto below = behind; below != remarks.begin() && std::prev(below)->subject == subject;
       --below) {
    const Span comment = std::prev(below)->comment;
    const std::string_view written = snapshot.text(comment);
    if (!written.starts_with(ours)) continue;
    const auto end = std::min(written.find_first_of(" \t\r", ours.size()), written.size());
    const auto at = comment.begin + static_cast<std::uint32_t>(end);
    return replace(Span{at, at}, "," + id);
  }
  const std::uint32_t line = line_begin(text, subject->begin);
  // In an ignore file a comment begins its line.
  const std::string_view indent = dynamic_cast<const IgnoreFile*>(&snapshot) != nullptr
                                      ? std::string_view()
                                      : snapshot.text({line, subject->begin});
  return replace(Span{line, line},
                 std::string(indent) + std::string(ours) + id + std::string(snapshot.line_end()));
}

std::optional<std::string_view> text_of(const Context& context, std::string_view file) {
  const bool is_known =
      context.build && context.build->ignore_file && context.build->ignore_file->path == file;
  return is_known ? std::optional<std::string_view>(context.build->ignore_file->text)
                  : std::nullopt;
}

Context with_files(Context context, const std::vector<ChangedFile>& files) {
  if (!context.build) return context;
  std::vector<BuildContext::Entry>& entries = context.build->entries;
  const std::string& root = context.build->root;
  for (const ChangedFile& file : files) {
    const bool is_inside = file.path.starts_with(root);
    if (!file.before && is_inside)
      entries.push_back({file.path.substr(root.size()), file.text.size(), false});
    if (is_ignore_file_name(file.path)) context.build->ignore_file = {file.path, file.text};
  }
  std::ranges::sort(entries, {}, &BuildContext::Entry::path);
  return context;
}

namespace {

// Makes the edits of one round that are of other files. Returns whether that changes anything.
bool change_others(const std::vector<Edit>& edits, const Context& context, Fixed& fixed) {
  std::map<std::string_view, std::vector<TextEdit>> by_file;
  for (const Edit& edit : edits) {
    if (!edit.file.empty()) by_file[edit.file].push_back(edit.change);
  }
  bool changed = false;
  for (const auto& [path, changes] : by_file) {
    const auto known = text_of(context, path);
    auto text = apply_edits(known.value_or(""), changes);
    if (!text || text == known) continue;
    changed = true;
    const auto at = std::ranges::find(fixed.others, path, &ChangedFile::path);
    if (at != fixed.others.end()) {
      at->text = *std::move(text);
    } else {
      fixed.others.push_back({std::string(path),
                              known ? std::optional<std::string>(*known) : std::nullopt,
                              *std::move(text)});
    }
  }
  return changed;
}

std::vector<TextEdit> own_edits(const std::vector<Edit>& edits) {
  std::vector<TextEdit> own;
  for (const Edit& edit : edits) {
    if (edit.file.empty()) own.push_back(edit.change);
  }
  return own;
}

// What the fixes in each stage are made for: its base image, and the users that it and the stages it is
// built on name.
std::vector<std::string> grounds_of(const Snapshot& snapshot) {
  std::vector<std::string> grounds;
  const auto* document = dynamic_cast<const Document*>(&snapshot);
  if (document == nullptr) return grounds;
  for (const Stage& stage : document->stages()) {
    std::string ground;
    if (const auto parent = stage.parent()) {
      ground = grounds.at(parent->index());
    } else if (const auto image = stage.from().image_word()) {
      ground = image->value().text;
    }
    for (const User& user : stage.all<User>()) {
      ground += '\n';
      ground += document->text(user.span());
    }
    grounds.push_back(std::move(ground));
  }
  return grounds;
}

// Whether a line of `text` begins with what grounds are made of.
bool speaks_of_grounds(std::string_view text) {
  return facts::any_part(text, '\n', [](std::string_view line) {
    line = trimmed(line);
    switch (keyword_of(line.substr(0, line.find_first_of(" \t")))) {
      case Keyword::from:
      case Keyword::user:
      case Keyword::arg:
      case Keyword::env:
        return true;
      default:
        return false;
    }
  });
}

// Whether the edit, or a line beside it, which it may join or part, has to do with grounds: else nothing has to be
// read anew to see that it changes none.
bool is_near_ground(std::string_view text, const TextEdit& edit) {
  std::size_t begin = line_begin(text, edit.span.begin);
  if (begin > 0) begin = line_begin(text, static_cast<std::uint32_t>(begin - 1));
  std::size_t end = text.find('\n', edit.span.end);
  if (end != std::string_view::npos) end = text.find('\n', end + 1);
  return speaks_of_grounds(edit.text) ||
         speaks_of_grounds(text.substr(begin, std::min(end, text.size()) - begin));
}

// In the order of the text, equal ones once.
std::vector<TextEdit> in_order(std::vector<TextEdit> edits) {
  std::ranges::sort(edits);
  const auto [first, last] = std::ranges::unique(edits);
  edits.erase(first, last);
  return edits;
}

// The stages that differ.
std::vector<std::size_t> differences(const std::vector<std::string>& before,
                                     const std::vector<std::string>& after) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
    if (i >= before.size() || i >= after.size() || before[i] != after[i]) found.push_back(i);
  }
  return found;
}

// The fixes of a round, counted from 0. Those that change the ground of a stage come without any others, and of
// each stage the topmost one: what else is wrong there has to be found out anew.
std::vector<const Fix*> fixes_of_round(const Snapshot& snapshot,
                                       const std::vector<Finding>& findings, Safety most,
                                       int round) {
  struct Candidate {
    const Fix* fix;
    std::vector<std::size_t> stages;  // whose ground it changes
    std::uint32_t place;              // where it does
  };
  const std::string_view text = snapshot.text();
  const auto grounds = grounds_of(snapshot);
  // Of the text with one fix, to see what that changes; nobody's Dockerfile needs more, nor more such rounds.
  std::size_t readings =
      round < 16 ? std::min<std::size_t>(64, (std::size_t{1} << 20) / (text.size() + 1)) : 0;
  std::vector<Candidate> candidates;
  for (const Finding& finding : findings) {
    const auto fix = std::ranges::find_if(finding.fixes, [&](const Fix& candidate) {
      return candidate.safety == Safety::safe || most == Safety::unsafe;
    });
    if (fix == finding.fixes.end()) continue;
    const std::vector<TextEdit> own = in_order(own_edits(fix->edits));
    if (std::ranges::adjacent_find(own, conflict) != own.end()) continue;
    Candidate candidate{&*fix, {}, std::numeric_limits<std::uint32_t>::max()};
    const auto is_near = [&](const TextEdit& edit) { return is_near_ground(text, edit); };
    if (fix->safety == Safety::unsafe && readings > 0 && std::ranges::any_of(own, is_near)) {
      --readings;
      // One after another, the last one in the text first: the places of the others stay what they are.
      const std::vector<TextEdit> backwards(own.rbegin(), own.rend());
      candidate.stages = differences(grounds, grounds_of(*snapshot.after(backwards)));
      if (!candidate.stages.empty()) candidate.place = own.front().span.begin;
    }
    candidates.push_back(std::move(candidate));
  }
  std::ranges::stable_sort(candidates, {}, &Candidate::place);

  std::vector<const Fix*> fixes;
  std::map<std::string_view, EditSet> made;  // by file
  std::vector<std::size_t> changed;
  for (const Candidate& candidate : candidates) {
    if (candidate.stages.empty() && !changed.empty()) break;
    const bool fits =
        std::ranges::find_first_of(candidate.stages, changed) == candidate.stages.end() &&
        std::ranges::none_of(candidate.fix->edits, [&](const Edit& edit) {
          return made[edit.file].conflicts(edit.change);
        });
    if (!fits) continue;
    fixes.push_back(candidate.fix);
    for (const Edit& edit : candidate.fix->edits) made[edit.file].add(edit.change);
    std::ranges::copy(candidate.stages, std::back_inserter(changed));
  }
  return fixes;
}

}  // namespace

Fixed fix_all(const Snapshot& snapshot, const Config& config, const Context& context, Safety most,
              const OutOfTime& out_of_time) {
  // Each round mends at least one finding for good; more rounds than this mean that two fixes
  // quarrel.
  constexpr int max_rounds = 100;
  Fixed fixed{.text = std::string(snapshot.text())};
  std::shared_ptr<const Snapshot> owned;
  const Snapshot* current = &snapshot;
  std::optional<Context> changed;  // once another file has
  for (int round = 0; round < max_rounds; ++round) {
    const Context& now = changed ? *changed : context;
    const std::vector<Finding> findings = analyse(*current, config, now, out_of_time).findings;
    std::vector<Edit> edits;
    for (const Fix* fix : fixes_of_round(*current, findings, most, round)) {
      std::ranges::copy(fix->edits, std::back_inserter(edits));
      ++fixed.fixes;
      const bool elsewhere =
          std::ranges::any_of(fix->edits, [](const Edit& edit) { return !edit.file.empty(); });
      fixed.fixes_elsewhere += elsewhere ? 1 : 0;
    }
    const bool changes_others = change_others(edits, now, fixed);
    if (changes_others) changed = with_files(context, fixed.others);
    auto text = apply_edits(current->text(), own_edits(edits));
    const bool changes = text && *text != current->text();
    if (!changes && !changes_others) break;
    if (!changes) continue;
    fixed.text = *std::move(text);
    const auto size = static_cast<std::uint32_t>(current->text().size());
    owned = current->after(std::array{TextEdit{{0, size}, fixed.text}});
    current = owned.get();
  }
  return fixed;
}

}  // namespace bulkhead
