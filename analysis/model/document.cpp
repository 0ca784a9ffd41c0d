#include "analysis/model/document.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "analysis/model/expansion.h"
#include "analysis/model/reader.h"
#include "analysis/syntax/tree.h"
#include "analysis/text/ascii.h"

namespace bulkhead {

// Makes a Document from its tree, and takes over from the version before what has the same bytes.
class Builder {
 public:
  Builder(std::string text, syntax::Tree tree, const Document* old)
      : old_(old), document_(new Document) {
    document_->text_ = std::move(text);
    document_->lines_ = Lines(document_->text_);
    document_->tree_ = std::make_unique<const syntax::Tree>(std::move(tree));
  }

  std::shared_ptr<const Document> build() {
    read_top_level();
    read_instructions();
    make_stages();
    read_scripts();
    return std::move(document_);
  }

 private:
  using Entry = Document::Entry;
  using StageEntry = Document::StageEntry;
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
    Document::Directive read{{}, {}, node.span()};
    for (const syntax::Node& part : node.named_children()) {
      const std::string_view written = trimmed(text(part.span()));
      if (part.kind() == "directive_name") read.name = lower_case(written);
      if (part.kind() == "directive_value") read.value = written;
    }
    if (read.name == "escape" && read.value == "`") document_->escape_ = '`';
    document_->directives_.push_back(std::move(read));
  }

  void add_faults(const syntax::Node& node) {
    if (node.is_error() || node.is_missing()) {
      document_->faults_.push_back(node.span());
      return;
    }
    for (const syntax::Node& child : node.children()) {
      if (child.has_error() || child.is_missing()) add_faults(child);
    }
  }

  // The entry of the old document that may be what `node` is now, if its bytes are the same.
  const Entry* same_as(const Entry* candidate, const syntax::Node& node) const {
    if (!candidate) return nullptr;
    const std::size_t size = std::max<std::size_t>(node.span().size(), candidate->data->size);
    const std::string_view before = std::string_view(old_->text_).substr(candidate->begin, size);
    return before == text().substr(node.span().begin, size) ? candidate : nullptr;
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
          [&](std::string_view name) { return document_->value_of(-1, index, name); });
      if (const auto parent = document_->stage(stage.base.text)) {
        stage.parent = static_cast<std::int32_t>(parent->index());
        document_->stages_[parent->index()].used = true;
      }
    }
    if (words.size() >= 3 && equals_ignoring_case(words[1].text, "as")) {
      document_->stage_names_[lower_case(words[2].text)] =
          static_cast<std::uint32_t>(document_->stages_.size());
    }
    document_->stages_.push_back(std::move(stage));
  }

  // Keeps what ARG and ENV give to names, with values as they stand in front of the instruction.
  void define(std::uint32_t index) {
    const Entry& entry = document_->entries_[index];
    const bool env = entry.data->kind == Keyword::env;
    if (!env && entry.data->kind != Keyword::arg) return;
    std::vector<std::pair<std::string, Value>> made;  // in the order of the pairs
    for (const PairData& pair : entry.data->pairs) {
      const auto resolve = [&](const WordData& word) {
        return bulkhead::expand(word.text, document_->escape_, [&](std::string_view name) {
          return document_->value_of(entry.stage, index, name);
        });
      };
      std::string name = resolve(pair.name).text;
      Value value{"${" + name + "}", false, {}};
      if (pair.value) {
        value = resolve(*pair.value);
      } else if (const auto global = document_->globals_.find(name);
                 entry.stage >= 0 && global != document_->globals_.end()) {
        value = global->second.back().value;  // `ARG NAME` in a stage takes the default from above
      }
      made.emplace_back(std::move(name), std::move(value));
    }
    auto& scope = entry.stage < 0 ? document_->globals_ : document_->stages_.back().scope;
    for (std::uint32_t i = 0; i < made.size(); ++i) {
      scope[made[i].first].push_back({index, i, env, std::move(made[i].second)});
    }
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
  void read_scripts() {
    std::vector<bool> posix(document_->stages_.size(), true);
    for (Entry& entry : document_->entries_) {
      if (entry.stage < 0) {
        // Nothing is known of a RUN above the first FROM, which no builder runs.
        if (entry.data->kind == Keyword::run) {
          entry.script = std::make_shared<const shell::Script>(shell::Script{.opaque = true});
        }
        continue;
      }
      const auto index = static_cast<std::size_t>(entry.stage);
      switch (entry.data->kind) {
        case Keyword::from: {
          if (entry.trigger) break;
          const StageEntry& stage = document_->stages_[index];
          posix[index] = stage.parent >= 0 ? posix[static_cast<std::size_t>(stage.parent)]
                                           : !is_windows(stage.base);
          break;
        }
        case Keyword::shell:
          if (!entry.trigger && !entry.data->words.empty())
            posix[index] = is_posix_shell(entry.data->words[0].text);
          break;
        case Keyword::run:
          if (!entry.script || entry.script->opaque == posix[index]) {
            entry.script = std::make_shared<const shell::Script>(read_script(
                *entry.data, text().substr(entry.begin, entry.data->size), posix[index]));
          }
          break;
        default:
          break;
      }
    }
  }

  bool is_windows(const Value& base) const {
    // Nobody but authors of Windows images gives up the backslash.
    return document_->escape_ == '`' || base.text.find("windows/") != std::string::npos ||
           base.text.find("nanoserver") != std::string::npos ||
           base.text.find("windowsservercore") != std::string::npos;
  }

  const Document* old_;
  std::shared_ptr<Document> document_;
  std::vector<TopLevel> nodes_;
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

Document::Document() : lines_("") {}

Document::~Document() = default;

std::optional<Stage> Document::stage(std::string_view name_or_number) const {
  if (name_or_number.empty()) return std::nullopt;
  const auto named = stage_names_.find(lower_case(name_or_number));
  if (named != stage_names_.end()) return Stage(*this, named->second);
  std::uint32_t number = 0;
  for (const char c : name_or_number) {
    if (!is_digit(c) || number > stages_.size()) return std::nullopt;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number < stages_.size() ? std::optional(Stage(*this, number)) : std::nullopt;
}

std::string_view Document::line_end() const {
  const auto feed = text_.find('\n');
  return feed != std::string::npos && feed > 0 && text_[feed - 1] == '\r' ? "\r\n" : "\n";
}

const Document::Definition* Document::lookup(std::int32_t stage, std::uint32_t before,
                                             std::string_view name) const {
  const std::string key(name);
  const auto last = [&](const Scope& scope, bool env, std::uint32_t limit) -> const Definition* {
    const auto found = scope.find(key);
    if (found == scope.end()) return nullptr;
    const auto& definitions = found->second;  // in order
    auto behind = std::ranges::lower_bound(definitions, limit, {}, &Definition::instruction);
    while (behind != definitions.begin()) {
      if ((--behind)->env == env) return &*behind;
    }
    return nullptr;
  };
  if (stage < 0) return last(globals_, false, before);
  // ENV wins over ARG wherever they stand; both are inherited from the stage below.
  for (const bool env : {true, false}) {
    std::uint32_t limit = before;
    for (std::int32_t at = stage; at >= 0;) {
      const StageEntry& entry = stages_[static_cast<std::size_t>(at)];
      if (const Definition* found = last(entry.scope, env, limit)) return found;
      at = entry.parent;
      limit = static_cast<std::uint32_t>(entries_.size());
    }
  }
  return nullptr;
}

std::optional<Value> Document::value_of(std::int32_t stage, std::uint32_t before,
                                        std::string_view name) const {
  const Definition* definition = lookup(stage, before, name);
  return definition ? std::optional(definition->value) : std::nullopt;
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
  for (const Stage& stage : lineage()) {
    const auto users = stage.all<User>();
    const auto last = std::find_if(users.rbegin(), users.rend(),
                                   [&](const User& user) { return user.index() < instruction; });
    if (last != users.rend())
      return {*last, last->words().empty() ? Value{} : last->words().front().value()};
  }
  return {};
}

EffectiveUser Stage::user() const {
  return user_before(std::numeric_limits<std::uint32_t>::max());
}

}  // namespace bulkhead
