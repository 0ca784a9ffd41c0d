#include "analysis/model/instruction.h"

#include <algorithm>
#include <array>

#include "analysis/model/document.h"
#include "analysis/model/expansion.h"
#include "analysis/shell/commands/wrappers.h"
#include "analysis/text/ascii.h"

namespace bulkhead {
namespace {

constexpr std::array<std::string_view, 19> keyword_names = {
    "ADD",    "ARG",   "CMD",         "COPY",  "ENTRYPOINT", "ENV",
    "EXPOSE", "FROM",  "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
    "RUN",    "SHELL", "STOPSIGNAL",  "USER",  "VOLUME",     "WORKDIR",
    ""};

}  // namespace

std::string_view name(Keyword keyword) {
  return keyword_names[static_cast<std::size_t>(keyword)];
}

Keyword keyword_of(std::string_view text) {
  for (std::size_t i = 0; i + 1 < keyword_names.size(); ++i) {
    if (equals_ignoring_case(text, keyword_names[i])) return static_cast<Keyword>(i);
  }
  return Keyword::unknown;
}

bool expands_variables(Keyword keyword) {
  switch (keyword) {
    case Keyword::add:
    case Keyword::arg:
    case Keyword::copy:
    case Keyword::env:
    case Keyword::expose:
    case Keyword::from:
    case Keyword::label:
    case Keyword::stopsignal:
    case Keyword::user:
    case Keyword::volume:
    case Keyword::workdir:
      return true;
    default:
      return false;
  }
}

PredefinedArgument predefined_argument(std::string_view name) {
  constexpr std::array<std::string_view, 11> platform = {
      "BUILDPLATFORM", "BUILDOS",         "BUILDOSVERSION", "BUILDARCH",
      "BUILDVARIANT",  "TARGETPLATFORM",  "TARGETOS",       "TARGETARCH",
      "TARGETVARIANT", "TARGETOSVERSION", "TARGETSTAGE"};
  constexpr std::array<std::string_view, 5> proxy = {"http_proxy", "https_proxy", "ftp_proxy",
                                                     "no_proxy", "all_proxy"};
  if (std::ranges::find(platform, name) != platform.end()) return PredefinedArgument::platform;
  const std::string lower = lower_case(name);
  if (std::ranges::find(proxy, lower) != proxy.end() &&
      (name == lower || name == upper_case(lower)))
    return PredefinedArgument::proxy;
  return PredefinedArgument::none;
}

Span JoinedText::source(std::uint32_t begin, std::uint32_t end) const {
  // The first byte lies behind a gap that stands right before it, the end before one right after
  // it.
  const auto shift = [&](std::uint32_t joined) {
    const auto next = std::ranges::upper_bound(gaps, joined, {}, &Gap::joined);
    return next == gaps.begin() ? 0 : std::prev(next)->shift;
  };
  const std::uint32_t first = begin + shift(begin);
  return {first, begin == end ? first : end - 1 + shift(end - 1) + 1};
}

std::optional<Word> Flag::value() const {
  if (!data_->value) return std::nullopt;
  return Word(*document_, instruction_, *data_->value);
}

Span Pair::span() const {
  return Instruction(*document_, instruction_).at(data_->span);
}

std::optional<Word> Pair::value() const {
  if (!data_->value) return std::nullopt;
  return Word(*document_, instruction_, *data_->value);
}

Mount parse_mount(std::string_view value) {
  Mount mount;
  std::size_t at = 0;
  while (at < value.size()) {
    const std::size_t begin = at;
    // A field in quotes may hold commas; a doubled quote in it stands for one.
    std::string field;
    bool quoted = value[at] == '"';
    if (quoted) ++at;
    for (; at < value.size() && (quoted || value[at] != ','); ++at) {
      if (quoted && value[at] == '"') {
        if (at + 1 < value.size() && value[at + 1] == '"') {
          ++at;
        } else {
          quoted = false;
          continue;
        }
      }
      field += value[at];
    }
    const auto written = value.substr(begin, at - begin).find('=');
    const std::size_t value_end = at - (value[begin] == '"' && value[at - 1] == '"' ? 1 : 0);
    const std::size_t value_begin =
        written == std::string_view::npos ? value_end : begin + written + 1;
    const Span span{static_cast<std::uint32_t>(value_begin), static_cast<std::uint32_t>(value_end)};
    ++at;
    const std::size_t equals = std::min(field.find('='), field.size());
    mount.fields.push_back({lower_case(field.substr(0, equals)),
                            equals < field.size() ? field.substr(equals + 1) : std::string(),
                            span});
  }
  return mount;
}

std::uint32_t Instruction::first_line() const {
  return document_->entries_[index_].line;
}

std::uint32_t Instruction::last_line() const {
  return document_->entries_[index_].line + data().lines - 1;
}

std::optional<Flag> Instruction::flag(std::string_view name) const {
  if (!document_->entries_[index_].has_flags) return std::nullopt;
  for (const FlagData& flag : data().flags) {
    if (flag.name.text == name) return Flag(*document_, index_, flag);
  }
  return std::nullopt;
}

std::int32_t Instruction::scope() const {
  // FROM sees what stands before the first one.
  return kind() == Keyword::from ? -1 : document_->entries_[index_].stage;
}

std::optional<Value> Instruction::variable(std::string_view name) const {
  return document_->value_of(scope(), {index_, 0}, name);
}

std::optional<Pair> Instruction::definition(std::string_view name) const {
  const Document::Definition* definition = document_->lookup(scope(), {index_, 0}, name);
  if (!definition) return std::nullopt;
  const PairData& pair = document_->entries_[definition->instruction].data->pairs[definition->pair];
  return Pair(*document_, definition->instruction, pair);
}

Value Instruction::expand(std::string_view text) const {
  return bulkhead::expand(text, document_->escape(),
                          [this](std::string_view name) { return variable(name); });
}

Value Instruction::expand_in_shell(std::string_view text) const {
  return bulkhead::expand(text, '\\', [this](std::string_view name) { return variable(name); });
}

std::optional<Word> From::image_word() const {
  if (data().words.empty()) return std::nullopt;
  return word(data().words.front());
}

std::optional<Word> From::alias() const {
  const auto& words = data().words;
  if (words.size() < 3 || !equals_ignoring_case(words[1].text, "as")) return std::nullopt;
  return word(words[2]);
}

Value From::value() const {
  if (is_trigger()) return {.known = false};  // ONBUILD FROM: the builder refuses it
  const auto stage = this->stage();
  return stage ? document_->stages_[stage->index()]->base : Value{};
}

std::optional<Stage> From::parent() const {
  const auto stage = this->stage();
  const std::int32_t parent = stage ? document_->stages_[stage->index()]->parent : -1;
  if (parent < 0) return std::nullopt;
  return Stage(*document_, static_cast<std::uint32_t>(parent));
}

template <Keyword which>
std::vector<Word> Transfer<which>::sources() const {
  const auto words = this->words();
  if (words.empty()) return {};
  return {words.begin(), words.end() - 1};
}

template <Keyword which>
std::optional<Word> Transfer<which>::destination() const {
  const auto words = this->words();
  if (words.size() < 2) return std::nullopt;
  return words.back();
}

template class Transfer<Keyword::add>;
template class Transfer<Keyword::copy>;

std::optional<Word> Copy::from() const {
  const auto flag = this->flag("from");
  return flag ? flag->value() : std::nullopt;
}

const shell::Script& Instruction::script() const {
  static const shell::Script none;
  const shell::Script* script = document_->entries_[index_].script;
  return script != nullptr ? *script : none;
}

const std::vector<ResolvedCommand>& Instruction::resolved_commands() const {
  return *document_->entries_[index_].resolved;
}

std::vector<Mount> Run::mounts(std::string_view part) const {
  std::vector<Mount> mounts;
  if (!document_->entries_[index_].has_flags) return mounts;
  for (const FlagData& flag : data().flags) {
    if (flag.name.text != "mount" || !flag.value || !contains_ignoring_case(flag.value->text, part))
      continue;
    const Word value(*document_, index_, *flag.value);
    Mount& mount = mounts.emplace_back(parse_mount(value.text()));
    mount.flag = Flag(*document_, index_, flag);
    for (MountField& field : mount.fields) {
      field.span = value.part(field.span.begin, field.span.size());
    }
  }
  return mounts;
}

namespace {

Value value_of(const Instruction& run, const shell::Word& word);

// What the script has given to a variable, or what the Dockerfile says where the script has not.
Value value_of(const Instruction& run, const shell::Piece& piece) {
  const std::string written = "${" + piece.text + piece.operation + "}";
  if (!piece.assigned) return run.expand_in_shell(written);
  Value given = value_of(run, *piece.assigned);
  if (piece.operation.empty() || !given.known)
    return given.known ? given : Value{written, false, {}};
  return expand(written, '\\', [&](std::string_view name) -> std::optional<Value> {
    if (name == piece.text) return given;
    // One that the script assigns, too, would have to be followed to here.
    const auto& assigned = run.script().assigned;
    const bool by_script = std::ranges::find(assigned, name) != assigned.end();
    return by_script ? Value{"${" + std::string(name) + "}", false, {}} : run.variable(name);
  });
}

Value value_of(const Instruction& run, const shell::Word& word) {
  Value value;
  for (const shell::Piece& piece : word.pieces) {
    switch (piece.kind) {
      case shell::Piece::Kind::literal:
        value.text += piece.text;
        break;
      case shell::Piece::Kind::glob:
      case shell::Piece::Kind::substitution:
        value.text += piece.text;
        value.known = false;
        break;
      case shell::Piece::Kind::variable: {
        value.variables.push_back(piece.text);
        const Value expanded = value_of(run, piece);
        value.text += expanded.text;
        value.known = value.known && expanded.known;
        break;
      }
    }
  }
  return value;
}

// Whether the shell splits what becomes of the word: an unquoted variable in it, and nothing quoted that
// holds blanks.
bool may_split(const shell::Word& word) {
  const auto is_bare = [](const shell::Piece& piece) {
    return piece.kind == shell::Piece::Kind::variable && !piece.quoted;
  };
  return std::ranges::any_of(word.pieces, is_bare) &&
         std::ranges::none_of(word.pieces, [&](const shell::Piece& piece) {
           return !is_bare(piece) && piece.text.find_first_of(" \t\n") != std::string::npos;
         });
}

}  // namespace

Value ShellWord::value() const {
  if (field_) return {*field_, true, {}};
  return value_of(run_, *word_);
}

std::optional<std::string> ShellWord::text() const {
  if (!field_ && word_->pieces.size() == 1 &&
      word_->pieces.front().kind == shell::Piece::Kind::literal)
    return word_->pieces.front().text;
  Value value = this->value();
  if (!value.known) return std::nullopt;
  return std::move(value.text);
}

shell::Wrapped Command::unwrapped() const {
  const auto& words = command_->words;
  if (words.empty() || command_->program == 0U) return {};
  if (!shell::is_wrapper(words.front().literal().value_or(""))) return {};
  std::vector<shell::Argument> texts{words.front().literal()};
  for (std::size_t i = 1; i < words.size(); ++i) texts.push_back(ShellWord(run_, words[i]).text());
  shell::Wrapped wrapped = shell::unwrap(texts);
  wrapped.program = std::min(wrapped.program, words.size());
  return wrapped;
}

const ResolvedCommand& Command::resolved() const {
  const auto index = static_cast<std::size_t>(command_ - run_.script().commands.data());
  return run_.resolved_commands()[index];
}

const std::string& Command::name() const {
  return command_->program ? command_->name : resolved().name;
}

std::vector<ShellWord> Command::arguments() const {
  return words_from((command_->program ? *command_->program : resolved().program) + 1);
}

std::vector<ShellWord> Command::words_from(std::size_t first) const {
  std::vector<ShellWord> arguments;
  arguments.reserve(command_->words.size());
  for (std::size_t i = first; i < command_->words.size(); ++i) {
    const shell::Word& word = command_->words[i];
    ShellWord argument(run_, word);
    const auto text = may_split(word) ? argument.text() : std::nullopt;
    constexpr std::string_view blanks = " \t\n";
    if (!text || (!text->empty() && text->find_first_of(blanks) == text->npos)) {
      arguments.push_back(std::move(argument));
      continue;
    }
    for (std::size_t at = text->find_first_not_of(blanks); at < text->size();
         at = text->find_first_not_of(blanks, at)) {
      const std::size_t end = std::min(text->find_first_of(blanks, at), text->size());
      arguments.emplace_back(run_, word, text->substr(at, end - at));
      at = end;
    }
  }
  return arguments;
}

const shell::Call& Command::call() const {
  return command_->call ? *command_->call : *resolved().call;
}

std::vector<ResolvedCommand> resolve(const Instruction& run) {
  const auto& commands = run.script().commands;
  if (std::ranges::all_of(commands, [](const auto& each) { return each.call != nullptr; }))
    return {};
  std::vector<ResolvedCommand> all(commands.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (commands[i].call) continue;
    const Command command(run, commands[i]);
    ResolvedCommand& resolved = all[i];
    if (commands[i].program) {
      resolved.program = *commands[i].program;
      resolved.name = commands[i].name;
    } else {
      resolved.program = command.unwrapped().program;
      if (resolved.program < commands[i].words.size()) {
        const std::string path = command.word(resolved.program).text().value_or("");
        resolved.name = path.substr(path.rfind('/') + 1);
      }
    }
    std::vector<shell::Argument> texts;
    for (const ShellWord& argument : command.words_from(resolved.program + 1))
      texts.push_back(argument.text());
    resolved.call =
        std::make_shared<const shell::Call>(shell::call_of(resolved.name, std::move(texts)));
  }
  return all;
}

std::optional<std::string> Command::directory() const {
  std::string path;
  for (const shell::Directory* at = command_->directory.get(); at != nullptr; at = at->from.get()) {
    const Value target = value_of(run_, at->target);
    if (!target.known) return std::nullopt;
    path = path.empty() ? target.text : target.text + "/" + path;
    if (target.text.starts_with('/')) break;
  }
  return path;
}

}  // namespace bulkhead
