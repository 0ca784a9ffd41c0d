#include "analysis/model/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <limits>
#include <mutex>
#include <ranges>
#include <utility>

#include "analysis/facts/images.h"
#include "analysis/model/effects.h"
#include "analysis/model/expansion.h"
#include "analysis/model/paths.h"
#include "analysis/model/reader.h"
#include "analysis/syntax/tree.h"
#include "analysis/text/ascii.h"
#include "analysis/text/change.h"
#include "analysis/text/common_ends.h"
#include "analysis/text/line_begin.h"
#include "analysis/text/whole_word.h"

namespace bulkhead {

struct Document::TimelineSlot {
  std::once_flag once;
  std::shared_ptr<const Timeline> timeline;
  std::atomic<bool> is_made = false;
  // What it may be made of; never changed once others know the document.
  std::optional<EarlierTimeline> earlier;
};

// Makes a Document, and takes over from the version before what an edit left as it was.
class Builder {
 public:
  Builder(std::string text, KnownScripts* known)
      : known_(known), document_(new Document(std::move(text))) {}
  Builder(std::string text, const Document& old, const Change& change)
      : old_(&old), document_(new Document(std::move(text), old.lines(), change)) {}

  // Reads all of the text.
  std::shared_ptr<const Document> from_all() {
    std::vector<const Entry*> before;
    if (old_) before = untriggered(old_->entries_);
    read({{0, size()}}, before);
    document_->reads_in_parts_ = document_->faults_.empty() &&
                                 std::ranges::none_of(document_->entries_, may_have_open_heredoc);
    return finished(0);
  }

  // Reads the lines around the edit that led here, and no others. Null where what they mean depends on
  // more than them.
  std::shared_ptr<const Document> from_window(const Change& change) {
    if (!old_->reads_in_parts_) return nullptr;
    const auto [first, last, old_span, is_followed] = window_around(change);
    const Entries old = old_->entries_;
    const Entries front = old.first(first);
    const Entries inside = old.subspan(first, last - first);
    const Entries back = old.subspan(last);

    Part part{{old_span.begin, change.behind(old_span.end)}};
    if (is_followed) part.suffix = "USER x\n";
    if (!front.empty()) {
      part.line = inside.front().line;
      if (old_->escape_ != '\\') part.prefix = fmt::format("# escape={}\n", old_->escape_);
      document_->directives_ = old_->directives_;
    }
    document_->entries_.reserve(old.size() + 1);
    document_->entries_.assign(front.begin(), front.end());
    read_from_ = first;
    old_behind_ = last;
    take_comments(0, old_span.begin, 0);
    if (!read(part, untriggered(inside))) return nullptr;
    const auto read_anew = std::span(document_->entries_).subspan(first);
    if (!document_->faults_.empty() || document_->escape_ != old_->escape_ ||
        std::ranges::any_of(read_anew, may_have_open_heredoc) ||
        !is_in_step(inside, read_anew, change, front.empty(), back.empty() || is_followed))
      return nullptr;
    same_variables_ = !touches_variables(inside, read_anew);

    const std::uint32_t more_lines = lines_in(text(part.span)) - lines_in(old_->text(old_span));
    for (Entry entry : back) {
      entry.begin = change.behind(entry.begin);
      entry.line += more_lines;
      document_->entries_.push_back(entry);
    }
    // With the same ARGs above the first FROM, and with their numbers, stages behind the window may be what they were.
    if (first + read_anew.size() == last && !old_->stages_.empty()) {
      const std::uint32_t first_stage = old_->stages_.front()->first;
      if (first_stage <= first && document_->entries_[first_stage].kind == Keyword::from)
        same_from_ = last;
    }
    take_comments(old_span.end, std::numeric_limits<std::uint32_t>::max(), change.behind(0));
    document_->reads_in_parts_ = true;
    return finished(first);
  }

 private:
  using Entry = Document::Entry;
  using Shared = Document::Shared;
  using StageEntry = Document::StageEntry;
  using State = Document::State;
  using Entries = std::span<const Entry>;

  // Makes stages of the instructions from `first` on; those in front of it are what they were.
  std::shared_ptr<const Document> finished(std::size_t first) {
    const std::size_t kept = keep_stages(first);
    const std::uint32_t begin = kept == 0 ? 0 : document_->stages_[kept - 1]->last;
    make_stages(begin);
    find_delivered();
    read_scripts(begin);
    make_timelines(kept);
    return std::move(document_);
  }

  std::string_view text() const { return document_->text_; }
  std::string_view text(Span span) const { return text().substr(span.begin, span.size()); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(text().size()); }

  // ---- What has to be read

  // Instructions [first, last) of the version before, and where their lines stand.
  struct Window {
    std::size_t first;
    std::size_t last;
    Span span;
    // By an instruction that need not be read: any other one tells where the window ends.
    bool is_followed;
  };

  // What an edit touches, and one instruction on either side, which it leaves as it was. None in front of one whose
  // keyword it leaves: what stands above was read, and done with, up to there. And none behind one that it is within.
  Window window_around(const Change& change) const {
    const auto& entries = old_->entries_;
    const auto at = [&](auto place) { return static_cast<std::size_t>(place - entries.begin()); };
    const auto previous = [&](std::size_t index) {
      while (index > 0 && entries[--index].trigger) {
      }
      return index;
    };
    const auto next = [&](std::size_t index) {
      while (index < entries.size() && entries[index].trigger) ++index;
      return index;
    };
    const std::size_t touched =
        at(std::ranges::lower_bound(entries, change.begin(), {}, &Entry::begin));
    std::size_t first = previous(touched);
    if (first < entries.size() && !is_behind_keyword(change, entries[first]))
      first = previous(first);
    std::size_t last =
        next(at(std::ranges::upper_bound(entries, change.old_end(), {}, &Entry::begin)));
    while (last < entries.size() &&
           line_begin(old_->text_, entries[last].begin) <= change.old_end())
      last = next(last + 1);
    const bool is_followed = first < last && last < entries.size() &&
                             change.old_end() <= entries[last - 1].begin + entries[last - 1].size;
    if (last < entries.size() && !is_followed) last = next(last + 1);
    return {first,
            last,
            {first > 0 ? line_begin(old_->text_, entries[first].begin) : 0,
             last < entries.size() ? line_begin(old_->text_, entries[last].begin)
                                   : static_cast<std::uint32_t>(old_->text_.size())},
            is_followed};
  }

  // Whether the instruction of the version before keeps its keyword, and one character behind that.
  static bool is_behind_keyword(const Change& change, const Entry& entry) {
    return change.begin() > entry.begin + entry.data->keyword.span.end;
  }

  // Whether what stood at the ends of the window stands there still: then all beyond them, too, is read
  // as it was.
  static bool is_in_step(Entries before, Entries now, const Change& change, bool at_start,
                         bool at_end) {
    if (before.empty() || now.empty()) return at_start && at_end;
    const auto is_same = [&](const Entry& old, const Entry& entry, std::uint32_t begin) {
      return old.data == entry.data && entry.begin == begin;
    };
    const Entry& last = before.back();
    const Entry& first = before.front();
    const bool begins_the_same = now.front().begin == first.begin &&
                                 now.front().kind == first.kind && is_behind_keyword(change, first);
    return (at_start || begins_the_same || is_same(first, now.front(), first.begin)) &&
           (at_end || is_same(last, now.back(), change.behind(last.begin)));
  }

  // Whether what gives variables their values stands among what is other than it was.
  static bool touches_variables(Entries before, Entries now) {
    const auto [front, back] = common_ends(before.size(), now.size(), [&](auto old, auto index) {
      return before[old].data == now[index].data;
    });
    const auto gives_values = [](const Entry& entry) {
      return entry.kind == Keyword::from || entry.kind == Keyword::arg ||
             entry.kind == Keyword::env;
    };
    return std::ranges::any_of(before.subspan(front, before.size() - front - back), gives_values) ||
           std::ranges::any_of(now.subspan(front, now.size() - front - back), gives_values);
  }

  // A heredoc without its terminator ends with its marker's line, but a terminator anywhere below would be
  // its end. Where there is more to `<<` than markers, which of them counts is left to the grammar.
  static bool may_have_open_heredoc(const Entry& entry) {
    const std::vector<HeredocData>& heredocs = entry.data->heredocs;
    return entry.data->heredoc_marks != heredocs.size() ||
           std::ranges::any_of(heredocs,
                               [](const HeredocData& heredoc) { return heredoc.whole.end == 0; });
  }

  static std::vector<const Entry*> untriggered(Entries entries) {
    std::vector<const Entry*> found;
    for (const Entry& entry : entries) {
      if (!entry.trigger) found.push_back(&entry);
    }
    return found;
  }

  static std::uint32_t lines_in(std::string_view text) {
    return static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
  }

  // The comments of the version before that begin in [begin, end).
  void take_comments(std::uint32_t begin, std::uint32_t end, std::uint32_t growth) {
    const auto& all = old_->comments_;
    const auto first = std::ranges::lower_bound(all, begin, {}, &Span::begin);
    const auto last = std::ranges::lower_bound(all, end, {}, &Span::begin);
    std::transform(first, last, std::back_inserter(document_->comments_), [&](Span comment) {
      return Span{comment.begin + growth, comment.end + growth};
    });
  }

  // ---- Reading it

  // A part of the text, which is read as if it were a file. One from the middle does not begin with the
  // directive that says how lines are continued: then that is put in front. And an instruction behind it, where
  // that is to begin.
  struct Part {
    Span span;
    std::uint32_t line = 0;  // its first one
    std::string prefix = {};
    std::string suffix = {};

    // From places and lines in what is read to those in the text.
    std::uint32_t offset() const { return span.begin - static_cast<std::uint32_t>(prefix.size()); }
    std::uint32_t line_offset() const { return line - (prefix.empty() ? 0 : 1); }
  };

  // Adds what stands in `part`, where the instructions `before` stood. False where what follows does not begin
  // behind it.
  bool read(const Part& part, const std::vector<const Entry*>& before) {
    const std::string_view own = text(part.span);
    const bool is_all = part.prefix.empty() && part.suffix.empty();
    const std::string extended =
        is_all ? std::string() : fmt::format("{}{}{}", part.prefix, own, part.suffix);
    const std::string_view source = is_all ? own : extended;
    const syntax::Tree tree = parser_.parse(syntax::Language::dockerfile, source);
    std::vector<syntax::Node> nodes = read_top_level(tree.root(), source, part);
    if (!part.suffix.empty()) {
      if (nodes.empty() || !is_suffix(nodes.back(), part)) return false;
      nodes.pop_back();
    }
    if (part.span.begin == 0) read_behind_shebang(nodes);
    read_instructions(nodes, source, part, before);
    return true;
  }

  // Whether that instruction is what was put behind the part, which no line of the part goes on into.
  static bool is_suffix(const syntax::Node& instruction, const Part& part) {
    return instruction.span().begin == part.prefix.size() + part.span.size();
  }

  // Behind a shebang BuildKit looks for the frontend and the checks all the same, but not for an escape character.
  void read_behind_shebang(const std::vector<syntax::Node>& instructions) {
    const std::uint32_t top = top_line(text());
    if (top == line_begin(text(), 0)) return;
    const Part part{{top, instructions.empty() ? size() : instructions.front().span().begin}};
    const syntax::Tree tree = parser_.parse(syntax::Language::dockerfile, text(part.span));
    if (!tree.root()) return;
    std::vector<std::uint32_t> places;
    for (const syntax::Node& node : syntax::named_children(tree.root())) {
      if (node.kind() != "directive") break;
      read_directive(node, text(part.span), part);
      if (document_->directives_.back().name == "escape") {
        document_->directives_.pop_back();
      } else {
        places.push_back(document_->directives_.back().span.begin);
      }
    }
    std::erase_if(document_->comments_,
                  [&](Span comment) { return std::ranges::binary_search(places, comment.begin); });
    document_->escape_ = '\\';
  }

  std::vector<syntax::Node> read_top_level(const syntax::Node& root, std::string_view source,
                                           const Part& part) {
    const auto symbol = [](std::string_view kind) {
      return syntax::symbol(syntax::Language::dockerfile, kind);
    };
    static const syntax::Symbol comment = symbol("comment");
    static const syntax::Symbol directive = symbol("directive");
    std::vector<syntax::Node> instructions;
    if (!root) {
      document_->faults_.push_back(part.span);
      return instructions;
    }
    for (const syntax::Node& node : syntax::named_children(root)) {
      if (node.has_error()) add_faults(node, part);
      if (node.symbol() == comment) {
        document_->comments_.push_back(moved(node.span(), part));
      } else if (node.symbol() == directive) {
        read_directive(node, source, part);
      } else if (node.kind().ends_with("_instruction")) {
        instructions.push_back(node);
      }
    }
    return instructions;
  }

  static Span moved(Span span, const Part& part) {
    return {span.begin + part.offset(), span.end + part.offset()};
  }

  void read_directive(const syntax::Node& node, std::string_view source, const Part& part) {
    Document::Directive read{{}, {}, moved(node.span(), part), {}};
    for (const syntax::Node& child : syntax::named_children(node)) {
      const std::string_view written =
          trimmed(source.substr(child.span().begin, child.span().size()));
      if (child.kind() == "directive_name") read.name = lower_case(written);
      if (child.kind() == "directive_value") {
        const auto begin =
            part.offset() + static_cast<std::uint32_t>(written.data() - source.data());
        read.value = written;
        read.value_span = {begin, begin + static_cast<std::uint32_t>(written.size())};
      }
    }
    if (read.name == "escape" && read.value == "`") document_->escape_ = '`';
    if (node.span().begin >= part.prefix.size()) document_->directives_.push_back(std::move(read));
  }

  void add_faults(const syntax::Node& node, const Part& part) {
    syntax::walk(node, [&](const syntax::Node& inner) {
      const bool is_fault = inner.is_error() || inner.is_missing();
      if (is_fault) document_->faults_.push_back(moved(inner.span(), part));
      return !is_fault && inner.has_error();
    });
  }

  // The entry of the old document that may be what `node` of `source` is now, if its bytes are the same.
  const Entry* same_as(const Entry* candidate, const syntax::Node& node,
                       std::string_view source) const {
    const std::size_t size = std::max<std::size_t>(node.span().size(), candidate->size);
    const std::string_view before = std::string_view(old_->text_).substr(candidate->begin, size);
    if (before != source.substr(node.span().begin, size)) return nullptr;
    // What follows decides, too: a line that closed a heredoc goes on, and the instruction ends
    // above its body.
    std::string_view now = source.substr(node.span().begin, node.span().size());
    if (now.ends_with('\n')) now.remove_suffix(1);
    while (now.ends_with('\r')) now.remove_suffix(1);
    return now.size() == candidate->size ? candidate : nullptr;
  }

  void read_instructions(const std::vector<syntax::Node>& nodes, std::string_view source,
                         const Part& part, std::vector<const Entry*> before) {
    if (old_ && old_->escape_ != document_->escape_) before.clear();
    // An edit leaves what stands in front of it and behind it as it was.
    std::vector<const Entry*> kept(nodes.size(), nullptr);
    common_ends(before.size(), nodes.size(), [&](std::size_t old_index, std::size_t index) {
      return (kept[index] = same_as(before[old_index], nodes[index], source)) != nullptr;
    });
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const syntax::Node& node = nodes[i];
      Entry entry;
      entry.begin = node.span().begin + part.offset();
      entry.line = node.start_row() + part.line_offset();
      if (kept[i]) {
        entry.shell = kept[i]->shell;
        add(entry, old_->shared(static_cast<std::size_t>(kept[i] - old_->entries_.data())));
      } else {
        add(entry, {read_instruction(node, source, document_->escape_), nullptr});
      }
    }
  }

  // An entry, and one for each instruction that ONBUILD holds back.
  void add(Entry entry, Shared shared) {
    while (true) {
      const InstructionData& data = *shared.data;
      entry.data = &data;
      entry.script = shared.script.get();
      entry.resolved = shared.resolved.get();
      entry.size = data.size;
      entry.kind = data.kind;
      entry.has_flags = !data.flags.empty();
      document_->entries_.push_back(entry);
      read_.push_back(std::move(shared));
      if (!data.trigger) return;
      const auto skipped = text().substr(entry.begin, data.trigger_begin);
      entry.line += static_cast<std::uint32_t>(std::ranges::count(skipped, '\n'));
      entry.begin += data.trigger_begin;
      entry.trigger = true;
      shared = {data.trigger, nullptr};
    }
  }

  // What instruction `index` shares with the version before; its script may be of another shell.
  Shared shared_of(std::size_t index) const {
    if (index < read_from_) return old_->shared(index);
    index -= read_from_;
    return index < read_.size() ? read_[index] : old_->shared(index - read_.size() + old_behind_);
  }

  // ---- What instructions do together

  // Shares the stages of the version before that end in front of instruction `first`. Returns how many.
  std::size_t keep_stages(std::size_t first) {
    if (first == 0) return 0;
    for (const auto& stage : old_->stages_) {
      if (stage->last > first) break;
      keep(stage);
    }
    if (!document_->stages_.empty()) {
      document_->globals_ = old_->globals_;
      document_->above_ = old_->above_;
    }
    return document_->stages_.size();
  }

  void keep(const std::shared_ptr<const StageEntry>& stage) {
    add_stage(stage);
    made_.push_back(nullptr);
    for (const std::uint32_t other : stage->uses) document_->used_[other] = true;
  }

  bool is_kept(std::size_t stage) const {
    return old_ && stage < old_->stages_.size() &&
           document_->stages_[stage] == old_->stages_[stage];
  }

  void make_stages(std::uint32_t begin) {
    auto& entries = document_->entries_;
    for (std::uint32_t i = begin; i < entries.size(); ++i) {
      if (entries[i].kind == Keyword::from && !entries[i].trigger) {
        if (const auto same = same_stage(i)) {
          keep(same);
          i = same->last - 1;
          continue;
        }
        start_stage(i);
      }
      entries[i].stage = own_stage();
      if (stage_) stage_->last = i + 1;
      if (!entries[i].trigger) define(i);
      if (!stage_) continue;
      read_uses(i);
      if (!entries[i].trigger) {
        change_state(i);
      } else if (entries[i].kind != Keyword::onbuild) {
        stage_->triggers.push_back(i);
      }
    }
  }

  // The stage of the version before that begins at instruction `index`, if it still is the same: nothing in it
  // has changed, nor in what it is built on, nor what names mean.
  std::shared_ptr<const StageEntry> same_stage(std::uint32_t index) const {
    const std::size_t own = document_->stages_.size();
    if (index < same_from_ || !same_names_ || own >= old_->stages_.size()) return nullptr;
    const auto& stage = old_->stages_[own];
    const bool is_same = stage->first == index &&
                         (stage->parent < 0 || is_kept(static_cast<std::size_t>(stage->parent)));
    return is_same ? stage : nullptr;
  }

  void find_delivered() {
    std::vector<bool>& delivered = document_->delivered_;
    delivered.resize(document_->stages_.size());
    for (std::size_t i = delivered.size(); i-- > 0;) {
      const Stage stage(*document_, static_cast<std::uint32_t>(i));
      if (stage.is_shipped()) delivered[i] = true;
      const std::int32_t parent = document_->stages_[i]->parent;
      if (delivered[i] && parent >= 0) delivered[static_cast<std::size_t>(parent)] = true;
    }
  }

  // That of the instruction being looked at; -1 above the first FROM.
  std::int32_t own_stage() const {
    return static_cast<std::int32_t>(document_->stages_.size()) - 1;
  }

  void start_stage(std::uint32_t index) {
    stage_ = std::make_shared<StageEntry>();
    stage_->first = index;
    const auto& words = document_->entries_[index].data->words;
    if (!words.empty()) {
      stage_->base = bulkhead::expand(
          words.front().text, document_->escape_,
          [&](std::string_view name) { return document_->value_of(-1, {index, 0}, name); });
      if (const auto parent = document_->stage_named(stage_->base.text)) {
        stage_->parent = static_cast<std::int32_t>(parent->index());
        use(*parent);
      }
    }
    if (const auto alias = From(Instruction(*document_, index)).alias())
      stage_->name = lower_case(alias->text());
    const std::size_t own = document_->stages_.size();
    same_names_ = same_names_ && old_ && own < old_->stages_.size() &&
                  stage_->name == old_->stages_[own]->name;
    add_stage(stage_);
    made_.push_back(stage_);
    stage_->windows = stage_->parent >= 0
                          ? document_->stages_[static_cast<std::size_t>(stage_->parent)]->windows
                          : is_windows(*stage_);
    start_state();
  }

  void add_stage(const std::shared_ptr<const StageEntry>& stage) {
    if (stage->name) {
      document_->stage_names_[*stage->name] = static_cast<std::uint32_t>(document_->stages_.size());
    }
    document_->stages_.push_back(stage);
    document_->used_.push_back(false);
  }

  void start_state() {
    StageEntry& stage = *stage_;
    State state;
    if (stage.parent >= 0) {
      const StageEntry& parent = *document_->stages_[static_cast<std::size_t>(stage.parent)];
      state = parent.states.back();
      has_cmd_ = false;
      state.behind = 0;
      stage.states.push_back(std::move(state));
      for (const std::uint32_t trigger : parent.triggers) {
        define(trigger);
        change_state(trigger);
      }
      return;
    }
    has_cmd_ = false;
    state.folder = std::make_shared<const Value>(base_folder(stage.base));
    stage.states.push_back(std::move(state));
  }

  // The images of the distributions themselves set none. All others may.
  static Value base_folder(const Value& base) {
    if (!base.known || base.text.empty()) return {".", false, {}};
    const ImageReference image = parse_image(base.text);
    const std::string name = image.familiar_name();
    const auto* row = facts::base_image(name, image.tag);
    const bool is_root = base.text == "scratch" || (row != nullptr && row->distribution == name);
    return is_root ? Value{"/", true, {}} : Value{".", false, {}};
  }

  // Of an instruction that the stage being read runs, be it a trigger.
  Value first_word(std::uint32_t index) const {
    const auto& words = document_->entries_[index].data->words;
    if (words.empty()) return {};
    return bulkhead::expand(words.front().text, document_->escape_, [&](std::string_view name) {
      return document_->value_of(own_stage(), {index, 0}, name);
    });
  }

  // What instruction `index` sets holds behind it; that of a trigger, which stands further up, too.
  void change_state(std::uint32_t index) {
    const Entry& entry = document_->entries_[index];
    StageEntry& stage = *stage_;
    State state = stage.states.back();
    state.behind = index;
    const auto at = static_cast<std::int32_t>(index);
    switch (entry.data->kind) {
      case Keyword::user:
        state.user = at;
        state.account = std::make_shared<const Value>(first_word(index));
        break;
      case Keyword::workdir:
        state.workdir = at;
        if (entry.data->words.empty()) break;
        state.folder = std::make_shared<const Value>(joined(*state.folder, first_word(index)));
        break;
      case Keyword::shell:
        state.shell = at;
        break;
      case Keyword::entrypoint:
        state.entrypoint = at;
        if (!has_cmd_) state.cmd = -1;
        break;
      case Keyword::cmd:
        state.cmd = at;
        has_cmd_ = true;
        break;
      case Keyword::healthcheck:
        state.healthcheck = at;
        break;
      default:
        return;
    }
    stage.states.push_back(std::move(state));
  }

  // Keeps what ARG and ENV give to names, each value as it stands in front of its pair.
  void define(std::uint32_t index) {
    const Entry& entry = document_->entries_[index];
    const bool env = entry.data->kind == Keyword::env;
    if (!env && entry.data->kind != Keyword::arg) return;
    const std::int32_t stage = own_stage();
    auto& scope = stage_ ? stage_->scope : document_->globals_;
    std::vector<std::pair<std::string, Document::Definition>> made;
    const auto keep = [&] {
      for (auto& [name, definition] : made) scope[name].push_back(std::move(definition));
      made.clear();
    };
    for (std::uint32_t i = 0; i < entry.data->pairs.size(); ++i) {
      const PairData& pair = entry.data->pairs[i];
      const auto resolve = [&](const WordData& word) {
        return bulkhead::expand(word.text, document_->escape_, [&](std::string_view name) {
          return document_->value_of(stage, {index, env ? 0 : i}, name);
        });
      };
      std::string name = env ? resolve(pair.name).text : pair.name.text;
      const Value unset{"${" + name + "}", false, {}};
      Value value = unset;
      if (pair.value) {
        value = resolve(*pair.value);
      } else {
        // `ARG NAME` in a stage takes the value from above the first FROM; where there is none, and
        // the build command gives none, whatever the name was before it stays.
        const auto global = document_->globals_.find(name);
        if (stage >= 0 && global != document_->globals_.end() &&
            global->second.back().value != unset) {
          value = global->second.back().value;
        } else if (predefined_argument(name) != PredefinedArgument::platform &&
                   document_->lookup(stage, {index, i}, name) != nullptr) {
          continue;
        }
      }
      made.emplace_back(std::move(name), Document::Definition{index, i, env, std::move(value)});
      if (!env) keep();
    }
    keep();
  }

  // A stage that a later one copies or mounts from is there to be built on.
  void read_uses(std::uint32_t index) {
    const Instruction instruction(*document_, index);
    const auto read = [&](std::string_view name) {
      std::string source = instruction.expand(name).text;
      const auto stage = document_->stage(source);
      if (stage && stage->index() + 1 < document_->stages_.size() && !instruction.is_trigger())
        use(*stage);
      stage_->sources.push_back(std::move(source));
    };
    if (instruction.kind() == Keyword::copy) {
      if (const auto from = Copy(instruction).from()) read(from->text());
    } else if (instruction.kind() == Keyword::run) {
      for (const Mount& mount : Run(instruction).mounts("from")) {
        if (const auto from = mount.get("from")) read(*from);
      }
    }
  }

  void use(const Stage& stage) {
    stage_->uses.push_back(stage.index());
    document_->used_[stage.index()] = true;
  }

  // Lets stages hold what their instructions share with the version before, and reads those scripts that are
  // others. The shell is that of the SHELL above, of the stage below, or of the base image.
  void read_scripts(std::uint32_t begin) {
    for (std::uint32_t i = begin; i < document_->entries_.size(); ++i) {
      Entry& entry = document_->entries_[i];
      if (entry.stage >= 0 && is_kept(static_cast<std::size_t>(entry.stage))) {
        i = document_->stages_[static_cast<std::size_t>(entry.stage)]->last - 1;
        continue;
      }
      auto& held = entry.stage < 0 ? document_->above_
                                   : made_[static_cast<std::size_t>(entry.stage)]->shared;
      Shared& shared = held.emplace_back(shared_of(i));
      if (!holds_commands(entry.kind)) continue;
      // Nothing is known of a RUN above the first FROM, which no builder runs.
      ShellInForce shell{.posix = false};
      if (entry.stage >= 0) {
        const auto stage = static_cast<std::uint32_t>(entry.stage);
        const std::int32_t set_by = document_->state(stage, i).shell;
        shell.posix = !document_->stages_[stage]->windows;
        if (set_by >= 0) {
          const auto& data = *document_->entries_[static_cast<std::size_t>(set_by)].data;
          if (!data.words.empty()) shell = shell_in_force(data);
        }
      }
      const bool is_read = entry.script && entry.shell == shell;
      if (!is_read) {
        entry.shell = shell;
        shared.script = script_of(entry);
        entry.script = shared.script.get();
      }
      if (is_read && same_variables_) continue;
      auto resolved = resolve(Instruction(*document_, i));
      shared.resolved =
          resolved.empty()
              ? nullptr
              : std::make_shared<const std::vector<ResolvedCommand>>(std::move(resolved));
      entry.resolved = shared.resolved.get();
    }
  }

  std::shared_ptr<const shell::Script> script_of(const Entry& entry) {
    const std::string_view source = text({entry.begin, entry.begin + entry.size});
    // What else decides on the meaning of the same bytes is not in the key.
    const bool is_whole = !entry.data->faulty && !entry.trigger && !may_have_open_heredoc(entry);
    std::string key;
    if (known_ && is_whole) {
      const auto& [posix, start] = entry.shell;
      key = {document_->escape_, posix ? 'p' : ' ', start.errexit ? 'e' : ' ',
             start.pipefail ? 'f' : ' '};
      key += source;
      if (auto known = known_->find(key)) return known;
    }
    auto script = std::make_shared<const shell::Script>(
        read_script(parser_, *entry.data, source, entry.shell));
    if (!key.empty()) known_->add(key, script);
    return script;
  }

  // Those of the first stages are what they were, if the names by which they copy mean the same.
  void make_timelines(std::size_t kept) {
    auto& timelines = document_->timelines_;
    const bool same_names = old_ && document_->stage_names_ == old_->stage_names_;
    if (kept > 0 && same_names) {
      const auto first = old_->timelines_.begin();
      timelines.assign(first, first + static_cast<std::ptrdiff_t>(kept));
    }
    const bool same_stages = same_names && document_->stages_.size() == old_->stages_.size() &&
                             document_->escape_ == old_->escape_;
    for (std::size_t i = timelines.size(); i < document_->stages_.size(); ++i) {
      auto& slot = *timelines.emplace_back(std::make_shared<Document::TimelineSlot>());
      if (!same_stages || runs_triggers(i)) continue;
      if (is_kept(i)) {
        slot.earlier = earlier_of_kept(i);
      } else if (i == kept && old_->timelines_[i]->is_made && has_kept_what_reaches(i)) {
        slot.earlier = {old_->timelines_[i]->timeline, same_in(i)};
      }
    }
  }

  // That of a stage which the edit has moved at most; an older one where nobody has asked for it since.
  std::optional<EarlierTimeline> earlier_of_kept(std::size_t index) const {
    const Document::TimelineSlot& old = *old_->timelines_[index];
    const std::uint32_t first = document_->stages_[index]->first;
    const std::uint32_t moved_by = document_->entries_[first].begin - old_->entries_[first].begin;
    if (old.is_made) return EarlierTimeline{old.timeline, {}, moved_by};
    if (!old.earlier || !old.earlier->all) return std::nullopt;
    return EarlierTimeline{old.earlier->timeline, {}, *old.earlier->all + moved_by};
  }

  bool runs_triggers(std::size_t index) const {
    const std::int32_t parent = document_->stages_[index]->parent;
    return parent >= 0 && !document_->stages_[static_cast<std::size_t>(parent)]->triggers.empty();
  }

  // Whether what stands outside of the stage says what it said in it.
  bool has_kept_what_reaches(std::size_t index) const {
    const StageEntry& old = *old_->stages_[index];
    const StageEntry& now = *document_->stages_[index];
    const auto sets_entrypoint = [](const StageEntry& stage) {
      return stage.states.back().entrypoint >= 0;
    };
    return old.base == now.base && old.parent == now.parent &&
           sets_entrypoint(old) == sets_entrypoint(now) &&
           document_->entries_[now.first].data == old_->entries_[old.first].data &&
           (now.parent < 0 || is_kept(static_cast<std::size_t>(now.parent)));
  }

  // The instructions of a stage that say what they said in the version before.
  std::vector<std::optional<EarlierTimeline::Same>> same_in(std::size_t index) const {
    const StageEntry& old_stage = *old_->stages_[index];
    const StageEntry& stage = *document_->stages_[index];
    const Entries old =
        Entries(old_->entries_).subspan(old_stage.first, old_stage.last - old_stage.first);
    const Entries now = Entries(document_->entries_).subspan(stage.first, stage.last - stage.first);
    const auto [front, back] = common_ends(old.size(), now.size(), [&](auto before, auto at) {
      return old[before].data == now[at].data;
    });
    const std::vector<std::string_view> revalued = revalued_in(old_stage, stage, front, back);
    std::vector<std::optional<EarlierTimeline::Same>> same(now.size());
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (i >= front && i < now.size() - back) continue;
      const std::size_t before = i < front ? i : old.size() - (now.size() - i);
      const auto old_index = static_cast<std::uint32_t>(old_stage.first + before);
      const auto own_index = static_cast<std::uint32_t>(stage.first + i);
      const auto stage_index = static_cast<std::uint32_t>(index);
      if (old[before].script == now[i].script &&
          have_same_place(old_->state(stage_index, old_index),
                          document_->state(stage_index, own_index)) &&
          !may_name(now[i], revalued))
        same[i] = {old_index, now[i].begin - old[before].begin};
    }
    return same;
  }

  // Whether both have the same user and folder.
  static bool have_same_place(const State& one, const State& other) {
    const auto is_same = [](const auto& value, const auto& another) {
      return value == another || (value && another && *value == *another);
    };
    return is_same(one.account, other.account) && is_same(one.folder, other.folder);
  }

  // The variables that have other values somewhere in the stage. At its ends stand so many of the instructions that
  // stood there.
  std::vector<std::string_view> revalued_in(const StageEntry& old, const StageEntry& now,
                                            std::size_t front, std::size_t back) const {
    const std::size_t inside = now.last - now.first - front - back;
    const bool is_one = inside == 1 && old.last - old.first - front - back == 1;
    const auto is_same = [&](const Document::Definition& one, const Document::Definition& other) {
      const std::size_t before = one.instruction - old.first;
      const std::size_t at = other.instruction - now.first;
      const bool has_stayed = before < front || (is_one && before == front)
                                  ? at == before
                                  : old.last - one.instruction <= back &&
                                        old.last - one.instruction == now.last - other.instruction;
      return has_stayed && one.env == other.env && one.value == other.value;
    };
    std::vector<std::string_view> names;
    for (const auto& [name, definitions] : now.scope) {
      const auto before = old.scope.find(name);
      if (before == old.scope.end() || !std::ranges::equal(before->second, definitions, is_same))
        names.push_back(name);
    }
    for (const auto& [name, definitions] : old.scope) {
      if (!now.scope.contains(name)) names.push_back(name);
    }
    return names;
  }

  // Whether the values of these may count in the instruction. A heredoc may have a name in two parts, and `cd` alone
  // reads HOME. Of more than an edit gives to, each may.
  bool may_name(const Entry& entry, std::span<const std::string_view> variables) const {
    if (variables.empty()) return false;
    constexpr std::size_t most = 64;
    const bool has_heredocs = !entry.data->heredocs.empty();
    const std::string_view words = has_heredocs ? text({entry.begin, entry.begin + entry.size})
                                                : std::string_view(entry.data->joined.text);
    return variables.size() > most || (has_heredocs && has_split_word(words)) ||
           std::ranges::any_of(variables, [&](std::string_view name) {
             return name == "HOME" || words.find(name) != words.npos;
           });
  }

  // Whether the shell of the stage's base image is that of Windows.
  bool is_windows(const StageEntry& stage) const {
    const From from(Instruction(*document_, stage.first));
    if (const auto platform = from.flag("platform"); platform && platform->value()) {
      const std::string system = lower_case(platform->value()->value().text);
      if (system.starts_with("windows")) return true;
      if (system.starts_with("linux")) return false;
    }
    const std::string text = lower_case(stage.base.text);
    constexpr std::string_view parts[] = {"windows/",   "windowsservercore",
                                          "nanoserver", "servercore",
                                          "ltsc20",     "/dotnet/framework/"};
    if (std::ranges::any_of(parts, [&](auto part) { return text.find(part) != text.npos; }))
      return true;
    if (document_->escape_ != '`') return false;
    // Hardly anybody but authors of Windows images gives up the backslash; but what is known of the
    // image counts more.
    const ImageReference image = parse_image(stage.base.text);
    return !stage.base.known ||
           facts::distribution(image.familiar_name(), image.tag) == facts::Distribution::unknown;
  }

  const Document* old_ = nullptr;
  KnownScripts* known_ = nullptr;
  std::shared_ptr<Document> document_;
  syntax::Parser parser_;
  // What was read: instructions from `read_from_` on. Behind them come those of the version before, from
  // `old_behind_` on.
  std::vector<Shared> read_;
  std::size_t read_from_ = 0;
  std::size_t old_behind_ = 0;
  std::vector<std::shared_ptr<StageEntry>>
      made_;                           // by the stage's index; null for those that are kept
  std::shared_ptr<StageEntry> stage_;  // the one being made
  bool has_cmd_ = false;               // the stage that is being read has a CMD of its own
  // From this instruction on all are those of the version before, with the same numbers.
  std::size_t same_from_ = std::numeric_limits<std::size_t>::max();
  bool same_names_ = true;       // of the stages so far
  bool same_variables_ = false;  // everywhere
};

std::shared_ptr<const Document> Document::create(std::string text, KnownScripts* known) {
  return Builder(std::move(text), known).from_all();
}

std::shared_ptr<const Document> Document::edited(std::span<const TextEdit> edits) const {
  std::string text = bulkhead::edited(text_, edits);
  const Change change(text_, text);
  if (auto document = Builder(std::move(text), *this, change).from_window(change)) return document;
  return Builder(bulkhead::edited(text_, edits), *this, change).from_all();
}

const Timeline& Stage::effects() const {
  const auto slot = [&](const Stage& stage) -> Document::TimelineSlot& {
    return *document_->timelines_[stage.index_];
  };
  // From the bottom of the lineage up, for each asks for the one below it.
  std::vector<Stage> missing;
  for (std::optional<Stage> at = *this; at && !slot(*at).is_made; at = at->parent())
    missing.push_back(*at);
  for (const Stage& stage : missing | std::views::reverse) {
    std::call_once(slot(stage).once, [&] {
      Document::TimelineSlot& own = slot(stage);
      own.timeline = std::make_shared<const Timeline>(stage, own.earlier ? &*own.earlier : nullptr);
      own.is_made = true;
    });
  }
  return *slot(*this).timeline;
}

const Document::Shared& Document::shared(std::size_t instruction) const {
  const std::int32_t stage = entries_[instruction].stage;
  if (stage < 0) return above_[instruction];
  const StageEntry& entry = *stages_[static_cast<std::size_t>(stage)];
  return entry.shared[instruction - entry.first];
}

Document::Document(std::string text) : Snapshot(std::move(text)) {}

Document::Document(std::string text, const Lines& before, const Change& change)
    : Snapshot(std::move(text), before, change) {}

Document::~Document() = default;

std::optional<Stage> Document::stage_named(std::string_view name) const {
  if (name.empty()) return std::nullopt;
  const auto named = stage_names_.find(lower_case(name));
  if (named == stage_names_.end()) return std::nullopt;
  return Stage(*this, named->second);
}

std::optional<Stage> Document::stage(std::string_view name_or_number) const {
  if (name_or_number.empty()) return std::nullopt;
  if (const auto named = stage_named(name_or_number)) return named;
  std::uint32_t number = 0;
  for (const char c : name_or_number) {
    if (!is_digit(c) || number > stages_.size()) return std::nullopt;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number < stages_.size() ? std::optional(Stage(*this, number)) : std::nullopt;
}

std::vector<Snapshot::Remark> Document::remarks() const {
  std::vector<Remark> remarks;
  for (const Directive& directive : directives_) remarks.push_back({directive.span, std::nullopt});
  for (const Span comment : comments_) {
    // Never a trigger: its ONBUILD begins further up.
    const std::uint32_t below = first_from(comment.begin);
    remarks.push_back({comment, below == entries_.size()
                                    ? std::nullopt
                                    : std::optional(Instruction(*this, below).span())});
  }
  return remarks;
}

CommonEnds Document::common_ends_with(const Document& before) const {
  const auto growth = static_cast<std::uint32_t>(text_.size() - before.text_.size());
  const std::size_t most = std::min(before.entries_.size(), entries_.size());
  const auto is_same = [](const Entry& old, const Entry& now, std::uint32_t moved_by) {
    return old.data == now.data && old.begin + moved_by == now.begin;
  };
  const auto front = std::mismatch(
      before.entries_.begin(), before.entries_.begin() + static_cast<std::ptrdiff_t>(most),
      entries_.begin(), [&](const Entry& old, const Entry& now) { return is_same(old, now, 0); });
  CommonEnds ends;
  ends.front = static_cast<std::size_t>(front.first - before.entries_.begin());
  const auto back = std::mismatch(
      before.entries_.rbegin(),
      before.entries_.rbegin() + static_cast<std::ptrdiff_t>(most - ends.front), entries_.rbegin(),
      [&](const Entry& old, const Entry& now) { return is_same(old, now, growth); });
  ends.back = static_cast<std::size_t>(back.first - before.entries_.rbegin());
  return ends;
}

std::span<const Span> Document::comments_above(std::uint32_t index) const {
  const auto from = [&](std::uint32_t place) {
    return std::ranges::lower_bound(comments_, place, {}, &Span::begin);
  };
  return {index == 0 ? comments_.begin() : from(entries_[index - 1].begin),
          index == entries_.size() ? comments_.end() : from(entries_[index].begin)};
}

std::uint32_t Document::first_from(std::uint32_t place) const {
  return static_cast<std::uint32_t>(std::ranges::lower_bound(entries_, place, {}, &Entry::begin) -
                                    entries_.begin());
}

std::optional<Span> Document::subject_at(std::uint32_t place) const {
  auto behind = static_cast<std::uint32_t>(
      std::ranges::upper_bound(entries_, place, {}, &Entry::begin) - entries_.begin());
  while (behind > 0 && Instruction(*this, behind - 1).is_trigger()) --behind;
  // In a comment or directive above it, a finding is one on the file.
  if (behind == 0 || place > Instruction(*this, behind - 1).span().end) return std::nullopt;
  return Instruction(*this, behind - 1).span();
}

std::uint32_t Document::body() const {
  for (const Instruction& instruction : instructions()) return instruction.begin();
  return static_cast<std::uint32_t>(text_.size());
}

const Document::Definition* Document::lookup(std::int32_t stage, Moment before,
                                             std::string_view name) const {
  const std::string key(name);
  const auto in = [&](const Scope& scope) -> std::span<const Definition> {
    const auto found = scope.find(key);
    return found == scope.end() ? std::span<const Definition>() : found->second;
  };
  // In a stage the last one counts, ENV or ARG.
  const auto own = in(stage < 0 ? globals_ : stages_[static_cast<std::size_t>(stage)]->scope);
  const auto behind = std::ranges::lower_bound(own, before, {}, &Definition::moment);
  if (behind != own.begin()) return &*std::prev(behind);
  if (stage < 0) return nullptr;
  // Of the stages below ENV wins over ARG, for the image sets it once more.
  const Definition* arg = nullptr;
  std::int32_t at = stages_[static_cast<std::size_t>(stage)]->parent;
  // Nobody builds this many stages on one another; what is further below is not known.
  int depth = 256;
  while (at >= 0 && depth-- > 0) {
    const StageEntry& entry = *stages_[static_cast<std::size_t>(at)];
    const auto all = in(entry.scope);
    for (auto definition = all.rbegin(); definition != all.rend(); ++definition) {
      if (definition->env) return &*definition;
      if (arg == nullptr) arg = &*definition;
    }
    at = entry.parent;
  }
  return arg;
}

std::optional<Value> Document::value_of(std::int32_t stage, Moment before,
                                        std::string_view name) const {
  if (const Definition* definition = lookup(stage, before, name)) return definition->value;
  // The builder sets these for FROM and what stands above it; a stage asks for them by ARG.
  if (stage < 0 && predefined_argument(name) == PredefinedArgument::platform) {
    return Value{"${" + std::string(name) + "}", false, {}};
  }
  return std::nullopt;
}

const Document::State& Document::state(std::uint32_t stage, std::uint32_t before) const {
  const std::vector<State>& states = stages_[stage]->states;
  const auto next = std::ranges::lower_bound(states, before, {}, &State::behind);
  return next == states.begin() ? *next : *std::prev(next);
}

From Stage::from() const {
  return From(Instruction(*document_, document_->stages_[index_]->first));
}

const std::string& Stage::name() const {
  static const std::string none;
  const auto& name = document_->stages_[index_]->name;
  return name ? *name : none;
}

std::vector<Stage> Stage::lineage() const {
  // Nobody builds this many stages on one another, and each may be asked for all below it.
  constexpr std::size_t most = 256;
  std::vector<Stage> stages{*this};
  while (stages.size() < most) {
    const auto parent = stages.back().parent();
    if (!parent) break;
    stages.push_back(*parent);
  }
  return stages;
}

std::optional<ImageReference> Stage::base_image() const {
  const From from = lineage().back().from();
  if (!from.known() || from.is_scratch() || !from.image_word()) return std::nullopt;
  return from.image();
}

bool Stage::is_shared_with(const Stage& before) const {
  return document_->stages_[index_] == before.document_->stages_[before.index_];
}

const std::vector<std::string>& Stage::sources() const {
  return document_->stages_[index_]->sources;
}

bool Stage::is_delivered() const {
  return document_->delivered_[index_];
}

bool Stage::is_shipped() const {
  return index_ + 1 == document_->stages_.size() || !document_->used_[index_];
}

EffectiveUser Stage::user_before(std::uint32_t instruction) const {
  const Document::State& state = document_->state(index_, instruction);
  if (state.user < 0) return {};
  return {User(Instruction(*document_, static_cast<std::uint32_t>(state.user))), *state.account};
}

EffectiveUser Stage::user() const {
  return user_before(std::numeric_limits<std::uint32_t>::max());
}

EffectiveState Stage::state_before(std::uint32_t instruction) const {
  const Document::State& state = document_->state(index_, instruction);
  const auto set = [&]<class T>(std::int32_t at, std::optional<T>& by) {
    if (at >= 0) by = T(Instruction(*document_, static_cast<std::uint32_t>(at)));
  };
  EffectiveState effective;
  set(state.user, effective.user);
  set(state.workdir, effective.workdir);
  set(state.shell, effective.shell);
  set(state.entrypoint, effective.entrypoint);
  set(state.cmd, effective.cmd);
  set(state.healthcheck, effective.healthcheck);
  if (state.account) effective.account = *state.account;
  effective.folder = *state.folder;
  return effective;
}

EffectiveState Stage::state() const {
  return state_before(std::numeric_limits<std::uint32_t>::max());
}

std::vector<Instruction> Stage::triggers() const {
  std::vector<Instruction> triggers;
  const std::int32_t parent = document_->stages_[index_]->parent;
  if (parent < 0) return triggers;
  for (const std::uint32_t index : document_->stages_[static_cast<std::size_t>(parent)]->triggers)
    triggers.emplace_back(*document_, index);
  return triggers;
}

}  // namespace bulkhead
