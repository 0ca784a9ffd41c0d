#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/model/image.h"
#include "analysis/model/word.h"
#include "analysis/shell/commands/wrappers.h"
#include "analysis/shell/script.h"
#include "analysis/text/span.h"

namespace bulkhead {

class Command;
class Stage;

enum class Keyword : std::uint8_t {
  add,
  arg,
  cmd,
  copy,
  entrypoint,
  env,
  expose,
  from,
  healthcheck,
  label,
  maintainer,
  onbuild,
  run,
  shell,
  stopsignal,
  user,
  volume,
  workdir,
  unknown,
};

// In upper case; empty for `unknown`.
std::string_view name(Keyword keyword);
Keyword keyword_of(std::string_view text);  // without regard to case

// Whether the builder resolves variables in the words, flags and pairs of such an instruction; in the
// others they are left to the shell. Source: Dockerfile reference, "Environment replacement".
bool expands_variables(Keyword keyword);

// Build arguments that no ARG has to make.
enum class PredefinedArgument : std::uint8_t {
  none,
  platform,  // TARGETARCH, BUILDPLATFORM, ...: known to FROM; a stage asks for it by a bare ARG
  proxy,     // HTTP_PROXY, no_proxy, ...: in the environment of each RUN, where the build gets one
};
PredefinedArgument predefined_argument(std::string_view name);

// ---- What an instruction's own bytes say. Immutable and shared between versions of a document;
// ---- all spans are bytes from the start of the instruction.

// The text of an instruction as the builder reads it: continuations and what stands in them taken
// out.
struct JoinedText {
  std::string text;
  // Where a gap was: from `joined` on, text stands `shift` bytes further in the source.
  struct Gap {
    std::uint32_t joined = 0;
    std::uint32_t shift = 0;
  };
  std::vector<Gap> gaps = {};

  Span source(std::uint32_t begin,
              std::uint32_t end) const;  // the source bytes of text[begin, end)
};

struct FlagData {
  WordData whole;  // --chown=app:app
  WordData name;   // chown
  std::optional<WordData> value = {};
};

struct PairData {
  Span span;
  WordData name;
  std::optional<WordData> value = {};  // none for `ARG NAME`; empty text for `NAME=`
  // In ENV and ARG: the name says so, by facts::secret_name(), or has variables in it.
  bool may_be_secret = false;
};

struct HeredocData {
  WordData marker;        // <<-"EOF"
  std::string delimiter;  // EOF
  Span body = {};         // the lines between the marker's line and the delimiter's
  Span whole = {};        // with the delimiter's line, without its line end
  bool expands = true;    // no quote in the marker
  bool strips_tabs = false;
};

struct InstructionData {
  Keyword kind = Keyword::unknown;
  std::uint32_t size = 0;           // bytes, the last line end left out
  std::uint32_t lines = 1;          // from the first to the last, heredocs included
  std::uint32_t line_size = 0;      // bytes of the instruction without its heredocs
  JoinedText joined = {};           // without heredocs
  std::uint32_t heredoc_marks = 0;  // how often `<<` stands in that
  WordData keyword = {};
  std::vector<FlagData> flags = {};
  std::vector<WordData> words = {};  // the arguments; one word for those that take the whole rest
  std::vector<PairData> pairs = {};  // ENV, ARG, LABEL
  std::vector<HeredocData> heredocs = {};
  std::uint32_t body = 0;                               // where the arguments begin in `joined`
  bool json = false;                                    // the arguments are a JSON array
  bool old_form = false;                                // ENV NAME value, LABEL name value
  bool faulty = false;                                  // the tree has an error inside
  std::shared_ptr<const InstructionData> trigger = {};  // what ONBUILD holds back
  std::uint32_t trigger_begin = 0;                      // where that starts
};

// What runs the shell form of an instruction.
struct ShellInForce {
  bool posix = true;  // a POSIX shell; the script of any other one is opaque
  shell::ShellStart start = {};

  bool operator==(const ShellInForce&) const = default;
};

// What runs of a command whose words hold variables, with the values that these have where it stands.
struct ResolvedCommand {
  std::size_t program = 0;  // as shell::Command has them
  std::string name = {};
  std::shared_ptr<const shell::Call> call = {};
};

// ---- Handles: what rules see. Two words each, copied freely, valid as long as their Document.

class Flag {
 public:
  Flag(const Document& document, std::uint32_t instruction, const FlagData& data)
      : document_(&document), instruction_(instruction), data_(&data) {}
  Span span() const { return whole().span(); }
  Word whole() const { return {*document_, instruction_, data_->whole}; }
  Word name() const { return {*document_, instruction_, data_->name}; }  // without the dashes
  std::optional<Word> value() const;                                     // none for a bare flag

 private:
  const Document* document_;
  std::uint32_t instruction_;
  const FlagData* data_;
};

// NAME=value of ENV, ARG and LABEL.
class Pair {
 public:
  Pair(const Document& document, std::uint32_t instruction, const PairData& data)
      : document_(&document), instruction_(instruction), data_(&data) {}
  Span span() const;
  Word name() const { return {*document_, instruction_, data_->name}; }
  std::optional<Word> value() const;  // none for `ARG NAME`
  bool may_be_secret() const { return data_->may_be_secret; }

 private:
  const Document* document_;
  std::uint32_t instruction_;
  const PairData* data_;
};

// One field of a --mount flag's value.
struct MountField {
  std::string key;  // in lower case
  std::string value;
  Span span = {};  // of the value: in the flag's value, or, from Run::mounts(), in the document
};
struct Mount {
  std::vector<MountField> fields;
  std::optional<Flag> flag = {};  // that it was read from, by Run::mounts()

  // The first field of one of these keys; null where there is none.
  template <class... Keys>
  const MountField* field(Keys... keys) const {
    for (const MountField& field : fields) {
      if (((field.key == keys) || ...)) return &field;
    }
    return nullptr;
  }
  // The value of the first of these keys that is there: get("target", "dst", "destination").
  template <class... Keys>
  std::optional<std::string_view> get(Keys... keys) const {
    const MountField* found = field(keys...);
    return found ? std::optional<std::string_view>(found->value) : std::nullopt;
  }
  std::string_view type() const { return get("type").value_or("bind"); }
};

// Splits the value of a --mount flag, a line of CSV.
Mount parse_mount(std::string_view value);

class Instruction {
 protected:
  // A random-access view of handles on `items`, which the document owns.
  template <class Handle, class Data>
  auto handles(const std::vector<Data>& items) const {
    return items | std::views::transform([document = document_, index = index_](const Data& data) {
             return Handle(*document, index, data);
           });
  }

 public:
  Instruction(const Document& document, std::uint32_t index)
      : document_(&document), index_(index) {}

  const Document& document() const { return *document_; }
  std::uint32_t index() const { return index_; }  // in Document::instructions()
  inline Keyword kind() const;
  inline const InstructionData& data() const;

  inline std::uint32_t begin() const;  // the keyword's first byte
  inline Span span() const;            // to the last byte, heredocs included, the line end not
  std::uint32_t first_line() const;    // 0-based, counted by LF as the builder does
  std::uint32_t last_line() const;
  Span at(Span local) const { return shifted(local, begin()); }

  Word keyword() const { return word(data().keyword); }
  auto flags() const { return handles<Flag>(data().flags); }
  std::optional<Flag> flag(std::string_view name) const;  // the first of that name
  auto words() const { return handles<Word>(data().words); }
  auto pairs() const { return handles<Pair>(data().pairs); }
  bool is_json() const { return data().json; }

  // Whether it stands behind ONBUILD: it does nothing here but in images built on this one.
  inline bool is_trigger() const;
  // None for an ARG before the first FROM.
  inline std::optional<Stage> stage() const;
  // What `text` becomes where this instruction stands (its own definitions are not yet made).
  Value expand(std::string_view text) const;
  // The same where a shell resolves it, whose escape character is the backslash.
  Value expand_in_shell(std::string_view text) const;
  // What is known of a variable here; none when it is not defined.
  std::optional<Value> variable(std::string_view name) const;
  // The pair of ENV or ARG that gives it that value.
  std::optional<Pair> definition(std::string_view name) const;

  // What RUN, CMD, ENTRYPOINT and HEALTHCHECK run, in shell form or exec form; for others, and for
  // HEALTHCHECK NONE, nothing.
  const shell::Script& script() const;
  auto commands() const;  // a random-access view of Command

 protected:
  friend class Command;
  const std::vector<ResolvedCommand>& resolved_commands() const;
  Word word(const WordData& data) const { return {*document_, index_, data}; }
  std::int32_t scope() const;  // the stage whose variables count here, -1 for those above all

  const Document* document_;
  std::uint32_t index_;
};

// The typed view of an instruction of one kind.
template <Keyword which>
class Typed : public Instruction {
 public:
  static constexpr Keyword keyword_kind = which;
  explicit Typed(const Instruction& instruction) : Instruction(instruction) {}
};

class From : public Typed<Keyword::from> {
 public:
  using Typed::Typed;
  std::optional<Word> image_word() const;  // none when it is missing
  std::optional<Word> alias() const;
  // The image's name with what is known of its variables; meaningful where known().
  ImageReference image() const { return parse_image(value().text); }
  bool known() const { return value().known; }
  // The stage that the name means, or none if it is an image.
  std::optional<Stage> parent() const;
  bool is_scratch() const { return value().text == "scratch"; }

 private:
  Value value() const;
};

// COPY and ADD.
template <Keyword which>
class Transfer : public Typed<which> {
 public:
  using Typed<which>::Typed;
  // All words but the last; heredoc markers among them.
  std::vector<Word> sources() const;
  std::optional<Word> destination() const;
};
class Copy : public Transfer<Keyword::copy> {
 public:
  using Transfer::Transfer;
  // The value of --from: a stage, an image or a named context.
  std::optional<Word> from() const;
};
using Add = Transfer<Keyword::add>;

class Run : public Typed<Keyword::run> {
 public:
  using Typed::Typed;
  // Those that are told with `part` somewhere, in any case; the others are not parsed.
  std::vector<Mount> mounts(std::string_view part = {}) const;
};

using Arg = Typed<Keyword::arg>;
using Env = Typed<Keyword::env>;
using Label = Typed<Keyword::label>;
using Expose = Typed<Keyword::expose>;
using Cmd = Typed<Keyword::cmd>;
using Entrypoint = Typed<Keyword::entrypoint>;
using Healthcheck = Typed<Keyword::healthcheck>;
using Maintainer = Typed<Keyword::maintainer>;
using Onbuild = Typed<Keyword::onbuild>;
using Shell = Typed<Keyword::shell>;
using Stopsignal = Typed<Keyword::stopsignal>;
using User = Typed<Keyword::user>;
using Volume = Typed<Keyword::volume>;
using Workdir = Typed<Keyword::workdir>;

// A word of a shell command, as a handle.
class ShellWord {
 public:
  ShellWord(const Instruction& run, const shell::Word& word) : run_(run), word_(&word) {}
  // A word of which only a part is meant: one of those that the shell splits its value into.
  ShellWord(const Instruction& run, const shell::Word& word, std::string field)
      : run_(run), word_(&word), field_(std::move(field)) {}
  Span span() const { return run_.at(word_->span); }
  const Instruction& instruction() const { return run_; }
  const std::vector<shell::Piece>& pieces() const { return word_->pieces; }
  // What the shell makes of it, with the variables of ENV and ARG that are known here, and those
  // that the script itself has set.
  Value value() const;
  // The same where it is known, else nothing.
  std::optional<std::string> text() const;

 private:
  Instruction run_;
  const shell::Word* word_;
  std::optional<std::string> field_;
};

// A shell command of a RUN, CMD, ENTRYPOINT or HEALTHCHECK, as a handle.
class Command {
 public:
  Command(const Instruction& run, const shell::Command& command) : run_(run), command_(&command) {}
  Span span() const { return run_.at(command_->span); }
  const shell::Command& data() const { return *command_; }
  Run run() const { return Run(run_); }
  // The name without its folder ("chmod" for /bin/chmod), behind wrappers that change nothing of
  // what is done (sudo, env, exec, gosu, time); empty when it is not known.
  const std::string& name() const;
  // Where that name stands among the words, and who the wrappers in front of it make it run as.
  shell::Wrapped unwrapped() const;
  // The words after that name. What the shell makes several words of is here several times, and
  // what vanishes is not.
  std::vector<ShellWord> arguments() const;
  // Of data().words.
  ShellWord word(std::size_t index) const { return {run_, command_->words[index]}; }
  // What is known of them, as shell/commands/ takes it.
  const std::vector<shell::Argument>& argument_texts() const { return call().arguments; }
  // What it does as a package manager; null where it does nothing of the kind.
  const shell::PackageCall* package_call() const {
    return call().packages ? &*call().packages : nullptr;
  }
  // What it does to accounts by its arguments.
  const std::vector<shell::AccountChange>& account_changes() const { return call().accounts; }
  bool conditional() const { return command_->conditional; }
  // The folder it runs in as the script says it: absolute, or relative to that in which the
  // instruction starts; empty for that one, none where it is not known.
  std::optional<std::string> directory() const;

 private:
  friend std::vector<ResolvedCommand> resolve(const Instruction& run);

  const shell::Call& call() const;
  // What is kept of a command where the script alone does not tell it.
  const ResolvedCommand& resolved() const;
  std::vector<ShellWord> words_from(std::size_t first) const;

  Instruction run_;
  const shell::Command* command_;  // of the instruction's script
};

inline auto Instruction::commands() const {
  return script().commands |
         std::views::transform([instruction = *this](const shell::Command& command) {
           return Command(instruction, command);
         });
}

using Commands = decltype(std::declval<const Instruction&>().commands());

// Those of its commands, by their indices, that the script alone does not tell; empty where there are none.
std::vector<ResolvedCommand> resolve(const Instruction& run);

}  // namespace bulkhead
