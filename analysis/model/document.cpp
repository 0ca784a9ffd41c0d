#include "analysis/model/document.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

#include "analysis/facts/images.h"
#include "analysis/model/effects.h"
#include "analysis/model/expansion.h"
#include "analysis/model/paths.h"
#include "analysis/model/reader.h"
#include "analysis/syntax/tree.h"
#include "analysis/text/ascii.h"

namespace bulkhead {

// Makes a Document from its tree, and takes over from the version before what has the same bytes.
class Builder {
 public:
  Builder(std::string text, syntax::Tree tree, const Document* old)
      : old_(old), document_(new Document(std::move(text))) {
    document_->tree_ = std::make_unique<const syntax::Tree>(std::move(tree));
  }

  std::shared_ptr<const Document> build() {
    read_top_level();
    read_instructions();
    make_stages();
    read_scripts();
    document_->timelines_ = std::make_unique<Document::Timelines>(document_->stages_.size());
    return std::move(document_);
  }

 private:
  using Entry = Document::Entry;
  using StageEntry = Document::StageEntry;
  using State = Document::State;
  struct TopLevel {
    syntax::Node node;
    std::uint32_t first_line;
  };

  std::string_view text() const { return document_->text_; }
  std::string_view text(Span span) const { return text().substr(span.begin, span.size()); }

  void read_top_level() {
    const auto symbol = [](std::string_view kind) {
      return syntax::symbol(syntax::Language::dockerfile, kind);
    };
    static const syntax::Symbol comment = symbol("comment");
    static const syntax::Symbol directive = symbol("directive");
    static const syntax::Symbol continuation = symbol("line_continuation");
    const syntax::Node root = document_->tree_->root();
    if (!root) {
      document_->faults_.push_back({0, static_cast<std::uint32_t>(text().size())});
      return;
    }
    const syntax::Node* continued = nullptr;  // the first line of a lone escape character
    const std::vector<syntax::Node> top_level = root.named_children();
    for (const syntax::Node& node : top_level) {
      if (node.has_error()) add_faults(node);
      if (node.symbol() == continuation) {
        if (!continued) continued = &node;
        continue;
      }
      const std::uint32_t first_line = (continued ? *continued : node).start_row();
      continued = nullptr;
      if (node.symbol() == comment) {
        document_->comments_.push_back(node.span());
      } else if (node.symbol() == directive) {
        read_directive(node);
      } else if (node.kind().ends_with("_instruction")) {
        nodes_.push_back({node, first_line});
      }
    }
  }

  void read_directive(const syntax::Node& node) {
    Document::Directive read{{}, {}, node.span(), {}};
    for (const syntax::Node& part : syntax::named_children(node)) {
      const std::string_view written = trimmed(text(part.span()));
      if (part.kind() == "directive_name") read.name = lower_case(written);
      if (part.kind() == "directive_value") {
        const auto begin = static_cast<std::uint32_t>(written.data() - text().data());
        read.value = written;
        read.value_span = {begin, begin + static_cast<std::uint32_t>(written.size())};
      }
    }
    if (read.name == "escape" && read.value == "`") document_->escape_ = '`';
    document_->directives_.push_back(std::move(read));
  }

  void add_faults(const syntax::Node& node) {
    if (node.is_error() || node.is_missing()) {
      document_->faults_.push_back(node.span());
      return;
    }
    for (const syntax::Node& child : syntax::Children(node)) {
      if (child.has_error() || child.is_missing()) add_faults(child);
    }
  }

  // The entry of the old document that may be what `node` is now, if its bytes are the same.
  const Entry* same_as(const Entry* candidate, const syntax::Node& node) const {
    if (!candidate) return nullptr;
    const std::size_t size = std::max<std::size_t>(node.span().size(), candidate->data->size);
    const std::string_view before = std::string_view(old_->text_).substr(candidate->begin, size);
    if (before != text().substr(node.span().begin, size)) return nullptr;
    // What follows decides, too: a line that closed a heredoc goes on, and the instruction ends
    // above its body.
    std::string_view now = text(node.span());
    if (now.ends_with('\n')) now.remove_suffix(1);
    while (now.ends_with('\r')) now.remove_suffix(1);
    return now.size() == candidate->data->size ? candidate : nullptr;
  }

  void read_instructions() {
    std::vector<const Entry*> before;
    if (old_ && old_->escape_ == document_->escape_) {
      for (const Entry& entry : old_->entries_) {
        if (!entry.trigger) before.push_back(&entry);
      }
    }
    // An edit leaves what stands in front of it and behind it as it was.
    std::vector<const Entry*> kept(nodes_.size(), nullptr);
    const std::size_t most = std::min(before.size(), nodes_.size());
    std::size_t front = 0;
    while (front < most && (kept[front] = same_as(before[front], nodes_[front].node))) ++front;
    for (std::size_t back = 1; back <= most - front; ++back) {
      const std::size_t i = nodes_.size() - back;
      if (!(kept[i] = same_as(before[before.size() - back], nodes_[i].node))) break;
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      Entry entry;
      entry.begin = nodes_[i].node.span().begin;
      entry.line = nodes_[i].node.start_row();
      entry.first_line = nodes_[i].first_line;
      if (kept[i]) {
        entry.data = kept[i]->data;
        entry.script = kept[i]->script;
        entry.shell = kept[i]->shell;
      } else {
        entry.data = read_instruction(nodes_[i].node, text(), document_->escape_);
      }
      add(std::move(entry));
    }
  }

  // An entry, and one for each instruction that ONBUILD holds back.
  void add(Entry entry) {
    while (true) {
      document_->entries_.push_back(entry);
      if (!entry.data->trigger) return;
      const std::uint32_t at = entry.data->trigger_begin;
      const auto skipped = text().substr(entry.begin, at);
      entry.line += static_cast<std::uint32_t>(std::ranges::count(skipped, '\n'));
      entry.first_line = entry.line;
      entry.begin += at;
      entry.trigger = true;
      entry.script = nullptr;
      entry.data = std::shared_ptr<const InstructionData>(entry.data->trigger);
    }
  }

  void make_stages() {
    auto& entries = document_->entries_;
    auto& stages = document_->stages_;
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
      if (entries[i].data->kind == Keyword::from && !entries[i].trigger) start_stage(i);
      entries[i].stage = static_cast<std::int32_t>(stages.size()) - 1;
      if (!stages.empty()) stages.back().last = i + 1;
      if (!entries[i].trigger) {
        define(i);
        mark_used(i);
        if (!stages.empty()) change_state(i);
      } else if (!stages.empty() && entries[i].data->kind != Keyword::onbuild) {
        stages.back().triggers.push_back(i);
      }
    }
  }

  void start_stage(std::uint32_t index) {
    StageEntry stage;
    stage.first = index;
    const auto& words = document_->entries_[index].data->words;
    if (!words.empty()) {
      stage.base = bulkhead::expand(
          words.front().text, document_->escape_,
          [&](std::string_view name) { return document_->value_of(-1, {index, 0}, name); });
      if (const auto parent = document_->stage_named(stage.base.text)) {
        stage.parent = static_cast<std::int32_t>(parent->index());
        document_->stages_[parent->index()].used = true;
      }
    }
    if (words.size() >= 3 && equals_ignoring_case(words[1].text, "as")) {
      document_->stage_names_[lower_case(words[2].text)] =
          static_cast<std::uint32_t>(document_->stages_.size());
    }
    document_->stages_.push_back(std::move(stage));
    start_state();
  }

  void start_state() {
    StageEntry& stage = document_->stages_.back();
    State state;
    if (stage.parent >= 0) {
      const StageEntry& parent = document_->stages_[static_cast<std::size_t>(stage.parent)];
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
      return document_->value_of(static_cast<std::int32_t>(document_->stages_.size()) - 1,
                                 {index, 0}, name);
    });
  }

  // What instruction `index` sets holds behind it; that of a trigger, which stands further up, too.
  void change_state(std::uint32_t index) {
    const Entry& entry = document_->entries_[index];
    StageEntry& stage = document_->stages_.back();
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
    const std::int32_t stage = static_cast<std::int32_t>(document_->stages_.size()) - 1;
    auto& scope = stage < 0 ? document_->globals_ : document_->stages_.back().scope;
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
  void mark_used(std::uint32_t index) {
    if (document_->stages_.empty()) return;
    const Instruction instruction(*document_, index);
    const auto mark = [&](std::string_view name) {
      const auto stage = document_->stage(instruction.expand(name).text);
      if (stage && stage->index() + 1 < document_->stages_.size())
        document_->stages_[stage->index()].used = true;
    };
    if (instruction.kind() == Keyword::copy) {
      if (const auto from = Copy(instruction).from()) mark(from->text());
    } else if (instruction.kind() == Keyword::run) {
      for (const Mount& mount : Run(instruction).mounts()) {
        if (const auto from = mount.get("from")) mark(*from);
      }
    }
  }

  // The shell of each RUN is that of the SHELL above it, of the stage below, or of the base image.
  // The shell of an instruction is that of the SHELL above it, of the stage below, or of the base image.
  void read_scripts() {
    std::vector<bool> windows(document_->stages_.size());
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const StageEntry& stage = document_->stages_[i];
      windows[i] =
          stage.parent >= 0 ? windows[static_cast<std::size_t>(stage.parent)] : is_windows(stage);
    }
    for (std::uint32_t i = 0; i < document_->entries_.size(); ++i) {
      Entry& entry = document_->entries_[i];
      if (!holds_commands(entry.data->kind)) continue;
      // Nothing is known of a RUN above the first FROM, which no builder runs.
      ShellInForce shell{.posix = false};
      if (entry.stage >= 0) {
        const auto stage = static_cast<std::uint32_t>(entry.stage);
        const std::int32_t set_by = document_->state(stage, i).shell;
        shell.posix = !windows[stage];
        if (set_by >= 0) {
          const auto& data = *document_->entries_[static_cast<std::size_t>(set_by)].data;
          if (!data.words.empty()) shell = shell_in_force(data);
        }
      }
      if (entry.script && entry.shell == shell) continue;
      entry.shell = shell;
      entry.script = std::make_shared<const shell::Script>(
          read_script(*entry.data, text().substr(entry.begin, entry.data->size), shell));
    }
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

  const Document* old_;
  std::shared_ptr<Document> document_;
  std::vector<TopLevel> nodes_;
  bool has_cmd_ = false;  // the stage that is being read has a CMD of its own
};

std::shared_ptr<const Document> Document::create(std::string text) {
  syntax::Tree tree = syntax::parse(syntax::Language::dockerfile, text);
  return Builder(std::move(text), std::move(tree), nullptr).build();
}

std::shared_ptr<const Document> Document::edited(std::span<const TextEdit> edits) const {
  std::string text = text_;
  for (const TextEdit& edit : edits) text.replace(edit.span.begin, edit.span.size(), edit.text);
  syntax::Tree tree = syntax::reparse(*tree_, text_, text, edits);
  return Builder(std::move(text), std::move(tree), this).build();
}

struct Document::Timelines {
  struct Slot {
    std::once_flag once;
    std::unique_ptr<const Timeline> timeline;
  };
  explicit Timelines(std::size_t stages) : slots(stages) {}
  std::vector<Slot> slots;
};

const Timeline& Stage::effects() const {
  const auto make = [](const Stage& stage) {
    Document::Timelines::Slot& slot = stage.document_->timelines_->slots[stage.index_];
    std::call_once(slot.once, [&] { slot.timeline = std::make_unique<const Timeline>(stage); });
  };
  Document::Timelines::Slot& slot = document_->timelines_->slots[index_];
  std::call_once(slot.once, [&] {
    // From the first stage of the lineage up, for each asks for the one below it.
    const auto lineage = this->lineage();
    for (std::size_t i = lineage.size(); i-- > 1;) make(lineage[i]);
    slot.timeline = std::make_unique<const Timeline>(*this);
  });
  return *slot.timeline;
}

Document::Document(std::string text) : Snapshot(std::move(text)) {}

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
  // Comments and instructions are both in document order: one walk finds the instruction of each.
  const auto all = instructions();
  auto next = all.begin();
  for (const Span comment : comments_) {
    next = std::find_if(next, all.end(), [&](const Instruction& instruction) {
      return !instruction.is_trigger() && instruction.span().end > comment.begin;
    });
    remarks.push_back({comment, next == all.end() ? std::nullopt : std::optional((*next).span())});
  }
  return remarks;
}

std::optional<Span> Document::subject_at(std::uint32_t place) const {
  for (const Instruction& instruction : instructions()) {
    if (instruction.is_trigger() || place > instruction.span().end) continue;
    // In a comment or directive above it, a finding is one on the file.
    return place >= instruction.begin() ? std::optional(instruction.span()) : std::nullopt;
  }
  return std::nullopt;
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
  const auto own = in(stage < 0 ? globals_ : stages_[static_cast<std::size_t>(stage)].scope);
  const auto behind = std::ranges::lower_bound(own, before, {}, &Definition::moment);
  if (behind != own.begin()) return &*std::prev(behind);
  if (stage < 0) return nullptr;
  // Of the stages below ENV wins over ARG, for the image sets it once more.
  const Definition* arg = nullptr;
  std::int32_t at = stages_[static_cast<std::size_t>(stage)].parent;
  // Nobody builds this many stages on one another; what is further below is not known.
  int depth = 256;
  while (at >= 0 && depth-- > 0) {
    const StageEntry& entry = stages_[static_cast<std::size_t>(at)];
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
  const std::vector<State>& states = stages_[stage].states;
  const auto next = std::ranges::lower_bound(states, before, {}, &State::behind);
  return next == states.begin() ? *next : *std::prev(next);
}

From Stage::from() const {
  return From(Instruction(*document_, document_->stages_[index_].first));
}

std::string Stage::name() const {
  const auto alias = from().alias();
  return alias ? lower_case(alias->text()) : std::string();
}

std::vector<Stage> Stage::lineage() const {
  std::vector<Stage> stages{*this};
  while (const auto parent = stages.back().parent()) stages.push_back(*parent);
  return stages;
}

std::optional<ImageReference> Stage::base_image() const {
  const From from = lineage().back().from();
  if (!from.known() || from.is_scratch() || !from.image_word()) return std::nullopt;
  return from.image();
}

bool Stage::is_shipped() const {
  return index_ + 1 == document_->stages_.size() || !document_->stages_[index_].used;
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
  const std::int32_t parent = document_->stages_[index_].parent;
  if (parent < 0) return triggers;
  for (const std::uint32_t index : document_->stages_[static_cast<std::size_t>(parent)].triggers)
    triggers.emplace_back(*document_, index);
  return triggers;
}

}  // namespace bulkhead
