#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/model/instruction.h"
#include "analysis/text/common_ends.h"
#include "analysis/text/edit.h"
#include "analysis/text/snapshot.h"

namespace bulkhead {

class Timeline;

// Who a process runs as at some line.
struct EffectiveUser {
  std::optional<User> set_by;  // the USER that says so, in this stage or one it builds on
  Value value;                 // "name", "uid", "name:group"; empty when no USER was seen
};

// What is in force at some line, or at the end of a stage: what the stage says, what the triggers
// (ONBUILD) of the stage below say, or what that one leaves behind. Each names the instruction that
// says so, which may stand in another stage; none where the base image has the say.
struct EffectiveState {
  std::optional<User> user;
  Value account;  // "name", "uid", "name:group"; empty where nothing says it
  std::optional<Workdir> workdir;
  // Absolute; as far as it is known. Not known, and relative, where the base image has the say.
  Value folder;
  std::optional<Shell> shell;
  std::optional<Entrypoint> entrypoint;
  // ENTRYPOINT takes the CMD of the stage below away, unless CMD stands above it in its own stage.
  std::optional<Cmd> cmd;
  std::optional<Healthcheck> healthcheck;
};

// From one FROM to the next, as a handle.
class Stage {
 public:
  Stage(const Document& document, std::uint32_t index) : document_(&document), index_(index) {}

  const Document& document() const { return *document_; }
  std::uint32_t index() const { return index_; }  // 0-based, as `COPY --from=0` counts
  Span span() const { return from().span(); }
  From from() const;
  const std::string& name() const;  // in lower case; empty without AS
  // Those of this stage, FROM first, triggers of ONBUILD behind their ONBUILD.
  auto instructions() const;
  // Those of kind T, triggers left out.
  template <class T>
  std::vector<T> all() const;

  std::optional<Stage> parent() const { return from().parent(); }
  // This stage and those it is built on, nearest first.
  std::vector<Stage> lineage() const;
  // What the first stage of the lineage is built on; none where its name is not known, or scratch.
  std::optional<ImageReference> base_image() const;
  // Whether a `docker build` may deliver it: it is the last one, or no other stage uses it.
  bool is_shipped() const;
  // Whether its layers are part of such an image: it is shipped, or a stage that is built on it.
  bool is_delivered() const;
  // At the end of the stage.
  EffectiveUser user() const;
  // In front of the instruction of that index, which stands in this stage, or is one of triggers().
  EffectiveUser user_before(std::uint32_t instruction) const;
  // At the end of the stage.
  EffectiveState state() const;
  EffectiveState state_before(std::uint32_t instruction) const;
  // The triggers of the stage that this one is built on, which run behind this one's FROM.
  std::vector<Instruction> triggers() const;
  // What COPY --from and RUN --mount=from name, those of triggers too: stages, images, named contexts.
  const std::vector<std::string>& sources() const;
  // What the build of the stage does, in order. Made when it is first asked for.
  const Timeline& effects() const;

  bool operator==(const Stage& other) const { return index_ == other.index_; }
  // Whether an edit has left it, of the version before, as it was.
  bool is_shared_with(const Stage& before) const;

 private:
  const Document* document_;
  std::uint32_t index_;
};

// Scripts that were read before, for whoever reads many Dockerfiles: those of one project often say the same.
class KnownScripts {
 public:
  virtual ~KnownScripts() = default;
  // `key` is what a script says, and what reads it. Null where it is not known.
  virtual std::shared_ptr<const shell::Script> find(const std::string& key) = 0;
  virtual void add(const std::string& key, std::shared_ptr<const shell::Script> script) = 0;
};

// A snapshot of a Dockerfile. The one that an edit makes shares what the edit did not touch.
class Document : public Snapshot {
  auto instructions(std::uint32_t first, std::uint32_t last) const {
    return std::views::iota(first, last) |
           std::views::transform([this](std::uint32_t index) { return Instruction(*this, index); });
  }

 public:
  // Reads any bytes; never fails. Scripts that are `known` are not read again.
  static std::shared_ptr<const Document> create(std::string text, KnownScripts* known = nullptr);
  // The document after `edits`, each told in terms of the text that the one before it left.
  std::shared_ptr<const Document> edited(std::span<const TextEdit> edits) const;

  ~Document() override;

  std::shared_ptr<const Snapshot> after(std::span<const TextEdit> edits) const override {
    return edited(edits);
  }
  std::vector<Remark> remarks() const override;  // parser directives among them
  std::optional<Span> subject_at(std::uint32_t place) const override;
  std::uint32_t body() const override;  // behind the directives, which have to stay on top

  char escape() const { return escape_; }  // '\\' or '`'

  auto instructions() const {  // in order, triggers behind their ONBUILD
    return instructions(0, static_cast<std::uint32_t>(entries_.size()));
  }
  auto stages() const {
    return std::views::iota(std::uint32_t{0}, static_cast<std::uint32_t>(stages_.size())) |
           std::views::transform([this](std::uint32_t index) { return Stage(*this, index); });
  }
  // As COPY --from names it. FROM takes a number for the name of an image.
  std::optional<Stage> stage(std::string_view name_or_number) const;
  std::optional<Stage> stage_named(std::string_view name) const;   // without regard to case
  std::size_t stage_names() const { return stage_names_.size(); }  // how many different ones
  // How many instructions at the front, and at the back, are those of the version before.
  CommonEnds common_ends_with(const Document& before) const;
  // Comments outside of instructions and directives, in order; without the line end.
  const std::vector<Span>& comments() const { return comments_; }
  // Those of them between instruction `index` and the one above; behind the last one with the number of instructions.
  std::span<const Span> comments_above(std::uint32_t index) const;
  // The index of the first instruction that begins at `place` or behind it; the number of instructions where none does.
  std::uint32_t first_from(std::uint32_t place) const;
  // The parser directives, in order: the name in lower case, the value, and where both stand.
  struct Directive {
    std::string name;
    std::string value;
    Span span;
    Span value_span;
  };
  const std::vector<Directive>& directives() const { return directives_; }
  // Faults of the tree: where the grammar could not go on.
  const std::vector<Span>& faults() const { return faults_; }

 private:
  friend class Builder;
  friend class Instruction;
  friend class Run;
  friend class Stage;
  friend class From;
  friend class Word;

  // What instructions share with those of other versions.
  struct Shared {
    std::shared_ptr<const InstructionData> data;
    std::shared_ptr<const shell::Script> script;                   // where holds_commands()
    std::shared_ptr<const std::vector<ResolvedCommand>> resolved;  // of `script`
  };
  // An instruction. Its stage holds what is pointed to, so that a version costs no count of references for
  // each instruction. Of most, what goes through a document looks at nothing else.
  struct Entry {
    const InstructionData* data = nullptr;
    const shell::Script* script = nullptr;
    const std::vector<ResolvedCommand>* resolved = nullptr;
    std::uint32_t begin = 0;
    std::uint32_t size = 0;  // of `data`, as `kind` is
    std::uint32_t line = 0;  // counted by LF
    std::int32_t stage = -1;
    ShellInForce shell;  // that the script was read for
    Keyword kind = Keyword::unknown;
    bool has_flags = false;
    bool trigger = false;
  };
  // In front of a pair of an instruction; ARG sees what the pairs in front of it define.
  struct Moment {
    std::uint32_t instruction = 0;
    std::uint32_t pair = 0;
    auto operator<=>(const Moment&) const = default;
  };
  // A value that ARG or ENV gives to a name.
  struct Definition {
    std::uint32_t instruction = 0;
    std::uint32_t pair = 0;  // of that instruction
    bool env = false;
    Value value;

    Moment moment() const { return {instruction, pair}; }
  };
  using Scope = std::unordered_map<std::string, std::vector<Definition>>;
  // What holds from behind an instruction on; -1 and none where nothing above says it.
  struct State {
    std::uint32_t behind = 0;
    std::int32_t user = -1;
    std::int32_t workdir = -1;
    std::int32_t shell = -1;
    std::int32_t entrypoint = -1;
    std::int32_t cmd = -1;
    std::int32_t healthcheck = -1;
    std::shared_ptr<const Value> account;  // of USER; null where there is none
    std::shared_ptr<const Value> folder;
  };
  struct StageEntry {
    std::uint32_t first = 0;  // entries_[first, last)
    std::uint32_t last = 0;
    std::int32_t parent = -1;
    bool windows = false;             // the shell of its base image is that of Windows
    std::vector<std::uint32_t> uses;  // stages: what FROM, COPY --from and RUN --mount=from name
    std::vector<std::string> sources;
    std::vector<Shared> shared;       // of entries_[first, last)
    std::optional<std::string> name;  // in lower case
    Value base;                       // the name behind FROM
    Scope scope;                      // its own definitions, and those of the triggers
    std::vector<State> states;  // one for each instruction that changes it; the first is FROM's
    std::vector<std::uint32_t> triggers;  // those that it leaves to stages built on it
  };

  explicit Document(std::string text);
  Document(std::string text, const Lines& before, const Change& change);

  // What gives `name` its value at that moment in `stage` (-1: above the first FROM), or null.
  const Definition* lookup(std::int32_t stage, Moment before, std::string_view name) const;
  std::optional<Value> value_of(std::int32_t stage, Moment before, std::string_view name) const;
  const Shared& shared(std::size_t instruction) const;
  // The state in front of an instruction.
  const State& state(std::uint32_t stage, std::uint32_t before) const;

  char escape_ = '\\';
  bool reads_in_parts_ = false;  // what each instruction is does not depend on those below it
  std::vector<Entry> entries_;
  std::vector<Shared> above_;  // of the entries above the first FROM
  // Shared with the version before, as timelines_ are.
  std::vector<std::shared_ptr<const StageEntry>> stages_;
  std::vector<bool> used_;       // those that a later one uses
  std::vector<bool> delivered_;  // those that are part of what is shipped
  std::unordered_map<std::string, std::uint32_t>
      stage_names_;  // in lower case; the last one counts
  Scope globals_;    // ARG before the first FROM
  // One for each stage, made when it is first asked for; shared with the version before, where that has
  // the same text up to the end of the stage.
  struct TimelineSlot;
  std::vector<std::shared_ptr<TimelineSlot>> timelines_;
  std::vector<Span> comments_;
  std::vector<Directive> directives_;
  std::vector<Span> faults_;
};

// What all that goes through a document asks of each instruction.
inline Keyword Instruction::kind() const {
  return document_->entries_[index_].kind;
}
inline const InstructionData& Instruction::data() const {
  return *document_->entries_[index_].data;
}
inline std::uint32_t Instruction::begin() const {
  return document_->entries_[index_].begin;
}
inline Span Instruction::span() const {
  const Document::Entry& entry = document_->entries_[index_];
  return {entry.begin, entry.begin + entry.size};
}
inline bool Instruction::is_trigger() const {
  return document_->entries_[index_].trigger;
}
inline std::optional<Stage> Instruction::stage() const {
  const std::int32_t stage = document_->entries_[index_].stage;
  if (stage < 0) return std::nullopt;
  return Stage(*document_, static_cast<std::uint32_t>(stage));
}

inline auto Stage::instructions() const {
  const Document::StageEntry& entry = *document_->stages_[index_];
  return document_->instructions(entry.first, entry.last);
}

template <class T>
std::vector<T> Stage::all() const {
  std::vector<T> found;
  for (const Instruction& instruction : instructions()) {
    if (instruction.kind() == T::keyword_kind && !instruction.is_trigger())
      found.emplace_back(instruction);
  }
  return found;
}

}  // namespace bulkhead
