#include "analysis/rules/secret_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "analysis/dockerignore.h"
#include "analysis/facts/secrets.h"
#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/paths.h"
#include "analysis/rules/command_options.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/rules/mounted_secrets.h"
#include "analysis/shell/commands/credentials.h"
#include "analysis/text/ascii.h"
#include "analysis/text/path.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using Concern = SecretFile::Concern;
using facts::SensitiveFile;
using facts::Strength;
using Source = FileEffect::Source;
using Kind = FileEffect::Kind;

// More secrets, or steps that read one, than anybody has.
constexpr std::size_t most_files = 64;
constexpr std::size_t most_readers = 16;

bool is_ssh_key(const SensitiveFile& file) {
  constexpr std::array<std::string_view, 4> patterns = {"*_rsa", "*_ecdsa", "*_ed25519", ".ssh"};
  return file.glob.starts_with("id_") || file.glob == "deploy_key" || file.glob == "*.ppk" ||
         file.glob == "ssh_host_*_key" || std::ranges::find(patterns, file.glob) != patterns.end();
}

// Logging in with these needs another secret, which only the other side has.
bool is_public_half(const SensitiveFile& file) {
  return file.glob == "authorized_keys";
}

// Whether package managers look for the keys of repositories there, which are public.
bool holds_repository_keys(std::string_view folder) {
  constexpr std::array<std::string_view, 6> folders = {
      "/etc/apk/keys",    "/etc/apt/keyrings",   "/etc/apt/trusted.gpg.d",
      "/etc/pki/rpm-gpg", "/usr/share/keyrings", "/usr/local/share/keyrings"};
  return std::ranges::find(folders, folder) != folders.end();
}

// Whether a step makes the file a key of repositories that are trusted.
bool is_trusted_later(const Stage& stage, std::string_view path) {
  const auto trusts = [&](const Command& command) {
    const auto has = [&](std::string_view text) { return has_argument(command, text); };
    const bool takes_keys = (command.name() == "apt-key" && has("add")) ||
                            (is_listed(command.name(), "rpm rpmkeys") && has("--import")) ||
                            (is_listed(command.name(), "gpg gpg2") && has("--dearmor"));
    return takes_keys &&
           std::ranges::any_of(command.argument_texts(), [&](const shell::Argument& text) {
             return text && file_name(*text) == file_name(path);
           });
  };
  return std::ranges::any_of(stage.all<Run>(), [&](const Run& run) {
    return std::ranges::any_of(run.commands(), trusts);
  });
}

// What a pattern is there for: `.env` of `.env*`, the folder of `.ssh/*`; else the path itself.
std::string_view meant_by(std::string_view path) {
  for (const std::string_view end : {"/*", "*"}) {
    if (path.ends_with(end) && !is_pattern(path.substr(0, path.size() - end.size())))
      return path.substr(0, path.size() - end.size());
  }
  return path;
}

// Whether the ignore file keeps out what a pattern is there for.
bool is_kept_out(const SecretFile& secret, const Context& context) {
  const bool is_known = is_pattern(secret.name) && context.build && context.build->ignore_file;
  return is_known && DockerIgnore(context.build->ignore_file->text)
                         .ignores(clean_path("/" + std::string(meant_by(secret.name))).substr(1));
}

// Whether a variable that the shell resolves between `begin` and `end` is named as one with a secret, or is
// all that `text` consists of.
bool reads_secret(const Instruction& run, Span span, std::string_view text) {
  return std::ranges::any_of(run.script().uses, [&](const shell::VariableUse& use) {
    if (!span.covers(run.at(use.span))) return false;
    return facts::secret_name(use.name).is_secret() || text == "${" + use.name + "}";
  });
}

// What a heredoc of COPY expands.
bool expands_secret(const Instruction& copy, std::string_view text) {
  for (const HeredocData& heredoc : copy.data().heredocs) {
    if (!heredoc.expands || copy.document().text(copy.at(heredoc.body)) != text) continue;
    for (const std::string& name : copy.expand(text).variables) {
      if (facts::secret_name(name).is_secret()) return true;
    }
  }
  return false;
}

// Whether `text` names the file: not as the end of a longer name.
bool names_file(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    if (!is_name_character(before) && before != '-' && before != '.') return true;
  }
  return false;
}

// Whether the RUN or the heredoc puts a secret into the file.
bool writes_secret(const Instruction& instruction, const Timeline& timeline, std::size_t at) {
  const Effect& effect = timeline.effects()[at];
  const auto& file = *effect.as<FileEffect>();
  const std::string text = file.text.value_or("");
  if (file.source == Source::text && holds_credential(text)) return true;
  if (!effect.command) return expands_secret(instruction, text);
  // All of the pipe that ends here.
  const auto& commands = instruction.script().commands;
  std::size_t first = *effect.command;
  while (first > 0 && commands[first].link == shell::Link::pipe) --first;
  const Span own = command_of(instruction.document(), effect).span();
  const Span span{instruction.at(commands[first].span).begin, std::max(own.end, effect.span.end)};
  if (reads_secret(instruction, span, text) || reads_secret(instruction, file.text_span, text))
    return true;
  // A key comes from a variable, whatever that is called.
  const SensitiveFile* known = secret_file_at(file.path.text);
  return known != nullptr && is_ssh_key(*known) &&
         std::ranges::any_of(instruction.script().uses, [&](const shell::VariableUse& use) {
           return span.covers(instruction.at(use.span));
         });
}

// "id" of a secret mount, for a file of that kind.
std::string id_of(const SensitiveFile& file, std::string_view name) {
  std::string id(file.glob.find('/') == std::string_view::npos ? name : file.glob);
  std::ranges::replace(id, '/', '-');
  id.erase(0, std::min(id.find_first_not_of("._"), id.size()));
  return id;
}

// What lets the user of the step read a mount: nothing for root; none where that user has no number.
std::optional<std::string> owner_option(const Run& run) {
  const StepUser user = user_of_step(run);
  if (user.kind != StepUser::Kind::other) return "";
  const std::string name(without_group(user.name));
  const bool is_number = !name.empty() && std::ranges::all_of(name, is_digit);
  if (is_number) return ",uid=" + name;
  const auto base = base_of(*run.stage());
  const auto known = base ? facts::find_user(base->name, base->tag, name) : std::nullopt;
  if (!known || !known->uid) return std::nullopt;
  return ",uid=" + std::to_string(*known->uid);
}

// The steps of moving a file into a mount.
class Move {
 public:
  Move(const SecretFile& secret, const std::vector<Stage>& family)
      : secret_(secret), family_(family), document_(secret.stage.document()) {}

  std::optional<Fix> fix() {
    const Timeline& timeline = secret_.stage.effects();
    const Effect& write = timeline.effects()[*secret_.effect];
    const auto& file = *write.as<FileEffect>();
    const bool is_absolute = file.path.known && secret_.path.starts_with('/');
    const bool is_file = !file.recursive || facts::has_readers(*secret_.file);
    if (!is_absolute || !is_file || is_pattern(secret_.path) || secret_.carried != nullptr)
      return std::nullopt;
    if (secret_.file->glob == "ssh_host_*_key") return std::nullopt;  // of a server
    if (!take_out(write, file) || !follow() || !remove_calls() || !mount() ||
        !require_syntax(document_, 2, edits_))
      return std::nullopt;
    const bool is_ssh = is_ssh_key(*secret_.file);
    const std::string how =
        is_ssh ? "--ssh default"
               : "--secret id=" + id_ + ",src=" +
                     (file.source == Source::context ? file.from.text
                                                     : std::string(file_name(secret_.path)));
    return Fix{is_ssh ? "Use the SSH agent of who builds: docker build " + how + " ."
                      : "Mount " + secret_.name + " as a secret: docker build " + how + " .",
               Safety::unsafe, std::move(edits_)};
  }

 private:
  // Arguments or whole commands that go.
  struct Call {
    Command command;
    std::vector<std::size_t> arguments;  // those that name the file
    bool whole = false;
  };

  bool take_out(const Effect& write, const FileEffect& file) {
    const Instruction instruction(document_, write.instruction);
    first_ = write.instruction;
    id_ = id_of(*secret_.file, file_name(secret_.path));
    if (write.command) return true;  // by remove_calls()
    if (file.source != Source::context) return false;
    const auto words = instruction.words();
    for (const Word& word : words) {
      if (word.span() != secret_.place) continue;
      edits_.push_back(words.size() == 2 ? remove(instruction) : remove_word(instruction, word));
      return true;
    }
    return false;
  }

  // What else is done to the file. False where it is more than a mount allows for.
  bool follow() {
    for (const Stage& stage : family_) {
      const Timeline& timeline = stage.effects();
      for (const std::size_t index : timeline.on_path(secret_.path)) {
        const Effect& effect = timeline.effects()[index];
        // Lines in front of that with the secret belong to it.
        const bool is_before = stage == secret_.stage && index < *secret_.effect;
        if (is_before && effect.instruction != first_) continue;
        const auto& file = *effect.as<FileEffect>();
        if (file.path.text != secret_.path) {
          // A folder above it; its mount is in the way.
          if (file.kind != Kind::writes && file.kind != Kind::makes_folder)
            blocked_.insert(effect.instruction);
          continue;
        }
        if (!effect.command) {
          if (stage == secret_.stage && index == *secret_.effect) continue;
          return false;  // copied twice
        }
        const Command command = command_of(document_, effect);
        // Of a file that is copied only parts are changed here; what they say would be lost.
        const bool is_whole =
            is_written_here() && (file.source == Source::text || file.source == Source::command);
        const bool writes = file.kind == Kind::writes && !is_whole;
        if (command.data().in_text || command.name() == "mv" || writes) return false;
        add_call(command, effect, timeline);
      }
    }
    return true;
  }

  void add_call(const Command& command, const Effect& effect, const Timeline& timeline) {
    auto call = std::ranges::find_if(
        calls_, [&](const Call& each) { return &each.command.data() == &command.data(); });
    if (call == calls_.end()) call = calls_.insert(calls_.end(), Call{command, {}});
    const auto arguments = command.arguments();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i].span() == effect.span) call->arguments.push_back(i);
    }
    const auto [first, last] = timeline.of(command);
    std::set<std::uint32_t> places;
    for (std::size_t i = first; i < last; ++i) places.insert(timeline.effects()[i].span.begin);
    call->whole = places.size() <= 1;
  }

  bool is_written_here() const {
    return secret_.stage.effects().effects()[*secret_.effect].command.has_value();
  }

  // Whether a program that stays keeps something in the file, as `npm config set` does; a mount is not for writing.
  bool is_written_in(const Run& run) const {
    return std::ranges::any_of(run.commands(), [&](const Command& command) {
      const auto kept = shell::kept_file(command.name(), command.argument_texts());
      return kept && !is_gone(command) &&
             (file_name(*kept) == file_name(secret_.path) ||
              secret_.path.find("/" + std::string(*kept) + "/") != std::string::npos);
    });
  }

  bool is_touched(const Command& command) const {
    return std::ranges::any_of(
        calls_, [&](const Call& call) { return &call.command.data() == &command.data(); });
  }

  bool is_gone(const Command& command) const {
    return std::ranges::any_of(calls_, [&](const Call& call) {
      return call.whole && &call.command.data() == &command.data();
    });
  }

  bool remove_calls() {
    std::ranges::stable_sort(calls_, {},
                             [](const Call& call) { return call.command.span().begin; });
    std::vector<Command> gone;
    for (const Call& call : calls_) {
      if (call.whole) {
        gone.push_back(call.command);
      } else if (call.arguments.empty() || !has_own_word(call.command, call.arguments.front())) {
        return false;
      } else {
        std::ranges::move(remove_arguments(call.command, call.arguments),
                          std::back_inserter(edits_));
      }
    }
    auto edits = remove_commands(gone);
    if (!edits) return false;
    std::ranges::move(*edits, std::back_inserter(edits_));
    return true;
  }

  // Whether something of the RUN that stays reads the file, for all that is known.
  bool is_read_by(const Run& run) const {
    const std::string_view name = file_name(secret_.path);
    return std::ranges::any_of(run.commands(), [&](const Command& command) {
      if (is_touched(command)) return false;
      return facts::reads(command.name(), *secret_.file) ||
             names_file(document_.text(command.span()), name);
    });
  }

  bool mount() {
    std::vector<Run> readers;
    std::vector<Run> others;  // that may be, where nothing else tells
    for (const Stage& stage : family_) {
      for (const Run& run : stage.all<Run>()) {
        if (run.index() < first_) continue;
        if (secret_.deleted != nullptr && run.index() > secret_.deleted->instruction) continue;
        if (std::ranges::all_of(run.commands(),
                                [&](const Command& each) { return is_gone(each); }) &&
            !run.script().opaque)
          continue;
        (is_read_by(run) ? readers : others).push_back(run);
        if (others.size() > most_readers) return false;
      }
    }
    if (readers.empty() && secret_.deleted != nullptr && others.size() == 1) readers = others;
    if (readers.empty() || readers.size() > most_readers) return false;
    return std::ranges::all_of(readers, [&](const Run& run) { return mount_in(run); });
  }

  bool mount_in(const Run& run) {
    const auto owner = owner_option(run);
    if (!owner || blocked_.contains(run.index()) || run.script().opaque || is_written_in(run))
      return false;
    if (is_ssh_key(*secret_.file)) {
      // What names the key needs the file.
      const bool names_key = std::ranges::any_of(run.commands(), [&](const Command& command) {
        return !is_touched(command) &&
               names_file(document_.text(command.span()), file_name(secret_.path));
      });
      const bool has_one = std::ranges::any_of(
          run.mounts(), [](const Mount& mount) { return mount.type() == "ssh"; });
      if (!names_key && !has_one) edits_.push_back(add_flag(run, "--mount=type=ssh" + *owner));
      return !names_key;
    }
    const bool has_one = std::ranges::any_of(run.mounts(), [&](const Mount& mount) {
      return mount.get("target", "dst", "destination") == secret_.path;
    });
    if (!has_one) {
      edits_.push_back(
          add_flag(run, "--mount=type=secret,id=" + id_ + ",target=" + secret_.path + *owner));
    }
    return true;
  }

  const SecretFile& secret_;
  const std::vector<Stage>& family_;
  const Document& document_;
  std::uint32_t first_ = 0;  // the instruction that writes the file
  std::string id_;
  std::vector<Call> calls_;
  std::set<std::uint32_t> blocked_;  // instructions that change a folder above
  std::vector<Edit> edits_;
};

}  // namespace

const SensitiveFile* secret_file_at(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  const SensitiveFile* file = facts::sensitive_file(path);
  if (file == nullptr && is_pattern(path)) {
    path = meant_by(path);
    file = facts::sensitive_file(path);
  }
  const bool counts = file != nullptr && file->kind == facts::FileKind::secret &&
                      file->risk >= Strength::medium && !is_public_half(*file);
  if (!counts || is_sample(path)) return nullptr;
  // A pattern of names that may mean anything says nothing, unless their folder does.
  const bool says_nothing = is_pattern(path) && file->risk != Strength::high &&
                            file->glob.find('/') == std::string_view::npos;
  return says_nothing ? nullptr : file;
}

// The value behind a word that introduces a secret: `_authToken=x`, `password x`, `<password>x`.
bool holds_credential(std::string_view text) {
  constexpr std::array<std::string_view, 10> keys = {
      "_authtoken", "_auth",      "password", "passwd",     "token",
      "secret",     "access_key", "\"auth\"", "npm_config", "api_key"};
  const std::string lower = lower_case(text);
  if (lower.find("private key-----") != std::string::npos) return true;
  for (const std::string_view key : keys) {
    for (std::size_t at = lower.find(key); at != std::string::npos; at = lower.find(key, at + 1)) {
      const std::size_t begin = lower.find_first_not_of("=: \t\"'>", at + key.size());
      if (begin == at + key.size() || begin == std::string::npos) continue;
      const std::size_t end = lower.find_first_of(" \t\r\n\"'<", begin);
      const std::string_view value = text.substr(begin, end - begin);
      const facts::ValueKind kind = facts::value_kind(value);
      if (kind == facts::ValueKind::literal || kind == facts::ValueKind::known) return true;
    }
  }
  return false;
}

bool is_sample(std::string_view path) {
  constexpr WordList words =
      "dist dummy example examples fake fixture fixtures mock sample samples spec template "
      "templates "
      "test testdata testing tests";
  const std::string lower = lower_case(path);
  if (("/" + lower).find("/e2e/") != std::string::npos) return true;
  for (std::size_t at = 0; at < lower.size();) {
    const std::size_t begin = at;
    while (at < lower.size() && is_letter(lower[at])) ++at;
    const std::string_view word = std::string_view(lower).substr(begin, at - begin);
    if (is_listed(word, words)) return true;
    if (at == begin) ++at;
  }
  return false;
}

Severity SecretFile::severity() const {
  const bool by_pattern = file->glob.find('*') != std::string_view::npos &&
                          file->glob.find('/') == std::string_view::npos;
  // Front ends are built with settings of this name that everybody may read.
  if (file->glob == ".env.*") return Severity::warning;
  if (file->risk == Strength::high) return certain ? Severity::error : Severity::warning;
  return by_pattern || !certain ? Severity::info : Severity::warning;
}

std::string SecretFile::described() const {
  return file->what.empty() ? name : fmt::format("{} ({})", name, file->what);
}

SecretFiles::SecretFiles(const Stage& stage, SharedViews& views)
    : stage_(stage), shipped_(views.of<ShippedFiles>(stage.document())) {
  for (const Instruction& instruction : stage.instructions()) {
    if (instruction.kind() != Keyword::env || instruction.is_trigger()) continue;
    for (const Pair& pair : instruction.pairs()) {
      const SensitiveFile* file = facts::file_named_by(pair.name().text());
      const Value path = file && pair.value() ? pair.value()->value() : Value{};
      if (path.known && path.text.starts_with('/') && named_.size() < most_files)
        named_.push_back({normalized(path.text), file, pair.span()});
    }
  }
  const auto& effects = stage.effects().effects();
  for (std::size_t i = 0; i < effects.size(); ++i) {
    if (effects[i].as<FileEffect>() != nullptr) read_effect(i);
  }
  for (const Instruction& instruction : stage.instructions()) {
    if (instruction.is_trigger()) read_trigger(instruction);
  }
  std::ranges::stable_sort(files_, {}, [](const SecretFile& file) { return file.place.begin; });
}

void SecretFiles::read_effect(std::size_t at) {
  const Effect& effect = stage_.effects().effects()[at];
  const auto& file = *effect.as<FileEffect>();
  if (file.kind != Kind::writes || file.in_mount || files_.size() >= most_files) return;
  const std::string& path = file.path.text;
  const Instruction instruction(stage_.document(), effect.instruction);
  if (instruction.stage() != stage_) return;  // behind ONBUILD of the stage below
  const bool is_copied = file.source == Source::context;
  const SensitiveFile* by_name = is_copied ? secret_file_at(file.from.text) : nullptr;
  const SensitiveFile* there = by_name == nullptr && !path.empty() ? secret_file_at(path) : nullptr;
  if (by_name == nullptr && there == nullptr && (!is_copied || named_.empty())) return;
  SecretFile secret{.stage = stage_, .effect = at, .file = nullptr, .name = path, .path = path};
  secret.certain = effect.certain;
  secret.place = effect.span;
  switch (file.source) {
    case Source::context:
      secret.name = file.from.text;
      secret.file = by_name;
      if (secret.file == nullptr && !is_sample(secret.name)) {
        const bool is_file = there != nullptr && (!file.recursive || facts::has_readers(*there));
        if (is_file) secret.file = there;
        if (secret.file == nullptr) ask_variables(secret, file);
      }
      if (secret.file != nullptr && secret.file->glob == "*.key" &&
          (holds_repository_keys(path.substr(0, path.rfind('/'))) ||
           is_trusted_later(stage_, path)))
        return;
      // `.env*` may find samples alone.
      if (meant_by(secret.name) != secret.name && !secret.name.ends_with("/*"))
        secret.certain = false;
      if (secret.file != nullptr && is_ssh_key(*secret.file)) secret.concern = Concern::ssh_key;
      break;
    case Source::text:
    case Source::command:
      secret.concern = Concern::written;
      secret.file = there;
      if (secret.file == nullptr || !writes_secret(instruction, stage_.effects(), at) ||
          mounted_secret(stage_.effects(), stage_.document(), at))
        return;
      if (is_ssh_key(*secret.file)) secret.concern = Concern::ssh_key;
      break;
    default:
      return;
  }
  if (secret.file == nullptr || stage_.effects().is_undone(at)) return;
  if (stage_.is_delivered()) {
    secret.deleted = shipped_.deletion(stage_, at, path);
    if (secret.deleted != nullptr) secret.concern = Concern::removed;
  } else {
    secret.carried = shipped_.carrier(stage_, at, path);
    if (secret.carried == nullptr) return;
  }
  add(std::move(secret));
}

void SecretFiles::ask_variables(SecretFile& secret, const FileEffect& file) const {
  const std::string from = normalized("/" + file.from.text);
  // All of the context may hold such a file, and who runs the image may bring it.
  if (from == "/" || is_pattern(from) || !file.path.known) return;
  for (const NamedFile& named : named_) {
    const std::string& folder = file.folder.empty() ? file.path.text : file.folder;
    const bool is_below = file.recursive && named.path != folder && is_within(named.path, folder);
    if (named.path != file.path.text && !is_below) continue;
    secret.file = named.file;
    secret.named_at = named.place;
    if (named.path == file.path.text) return;
    secret.certain = false;
    secret.path = named.path;
    secret.name = from.substr(1) + named.path.substr(folder.size());
    return;
  }
}

void SecretFiles::read_trigger(const Instruction& trigger) {
  const bool copies = trigger.kind() == Keyword::copy || trigger.kind() == Keyword::add;
  if (!copies || trigger.flag("from")) return;
  const auto words = trigger.words();
  for (std::size_t i = 0; i + 1 < words.size() && files_.size() < most_files; ++i) {
    const std::string name = words[i].value().text;
    const SensitiveFile* file = secret_file_at(name);
    if (file == nullptr) continue;
    SecretFile secret{.stage = stage_, .file = file, .name = name, .path = name};
    if (is_ssh_key(*file)) secret.concern = Concern::ssh_key;
    secret.place = words[i].span();
    add(std::move(secret));
  }
}

void SecretFiles::add(SecretFile secret) {
  // A file that is written line by line is one.
  const bool is_known = std::ranges::any_of(files_, [&](const SecretFile& other) {
    return other.effect && secret.effect && other.stage == secret.stage &&
           other.concern == secret.concern && other.path == secret.path &&
           secret.stage.effects().effects()[*other.effect].instruction ==
               secret.stage.effects().effects()[*secret.effect].instruction &&
           secret.concern != Concern::copied;
  });
  if (!is_known) files_.push_back(std::move(secret));
}

std::optional<Fix> SecretFiles::fix(const SecretFile& secret) const {
  // What a variable of the image names, the program needs while it runs.
  if (!secret.effect || secret.named_at) return std::nullopt;
  const std::vector<Stage> family = shipped_.family(secret.stage);
  return Move(secret, family).fix();
}

void report_secret_files(const Stage& stage, Report& report, Concern concern) {
  const auto& secrets = report.view<SecretFiles>(stage);
  for (const SecretFile& secret : secrets.files()) {
    if (secret.concern != concern || is_kept_out(secret, report.context())) continue;
    const std::string what = secret.described();
    std::string message;
    switch (concern) {
      case Concern::copied:
        message = what + " goes into the image, where everybody who has it can read it";
        break;
      case Concern::ssh_key:
        message = "The SSH key " + secret.name +
                  " goes into the image, and everybody who has that can use it";
        break;
      case Concern::written:
        message =
            fmt::format("A secret is written to {}, and stays in this layer of the image", what);
        break;
      case Concern::removed:
        message = what + " is deleted in a later layer only, and stays readable in this one";
        break;
    }
    auto finding = report.at(secret.place, std::move(message)).severity(secret.severity());
    if (secret.named_at) finding.related(*secret.named_at, "named here");
    if (secret.deleted != nullptr) {
      finding.related(secret.place, "it gets into a layer here");
      finding.related(secret.deleted->span, "it is deleted here, in another layer");
    }
    if (secret.carried != nullptr)
      finding.related(secret.carried->span, "it is taken into the image here");
    if (auto fix = secrets.fix(secret))
      finding.fix(fix->safety, std::move(fix->title), std::move(fix->edits));
  }
}

}  // namespace bulkhead::rules
