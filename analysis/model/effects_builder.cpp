#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>
#include <utility>

#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/add_sources.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/shell/commands/files.h"
#include "analysis/shell/commands/modes.h"
#include "analysis/shell/commands/output.h"
#include "analysis/text/path.h"
#include "analysis/text/word_list.h"

namespace bulkhead {
namespace {

using Source = FileEffect::Source;

// Where a glob begins: `*`, `?`, `[` or `{a,b}`, but no "${NAME}"; npos where there is none.
std::size_t find_glob(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '$' && text.substr(i + 1).starts_with('{')) {
      i = std::min(text.find('}', i), text.size());
    } else if (c == '*' || c == '?' || c == '[' || c == '{') {
      return i;
    }
  }
  return std::string_view::npos;
}

bool has_glob(std::string_view text) {
  return find_glob(text) != std::string_view::npos;
}

// Whether a part of it is not known before the build, but for what a glob stands for.
bool is_hidden(const Value& value) {
  return !value.known && (!has_glob(value.text) || value.text.find('$') != std::string::npos);
}

// The part of a value from `offset` on.
Value rest_of(Value value, std::size_t offset) {
  value.text.erase(0, offset);
  return value;
}

// Devices that a shell writes to: nothing of it stays.
bool is_device(std::string_view path) {
  return path == "/dev/null" || path == "/dev/stdout" || path == "/dev/stderr" ||
         path == "/dev/tty" || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/");
}

// The name of a URL's file; empty where it has none.
std::string name_in_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t slash = url.rfind('/');
  return slash == std::string_view::npos || slash < host ? std::string()
                                                         : std::string(url.substr(slash + 1));
}

bool is_encrypted(std::string_view url) {
  return !url.starts_with("http://") && !url.starts_with("ftp://") && !url.starts_with("git://");
}

FileEffect::Kind kind_of(shell::FileChange::Kind kind) {
  using Told = shell::FileChange::Kind;
  switch (kind) {
    case Told::writes:
      return FileEffect::Kind::writes;
    case Told::makes_folder:
      return FileEffect::Kind::makes_folder;
    case Told::deletes:
      return FileEffect::Kind::deletes;
    case Told::sets_mode:
      return FileEffect::Kind::sets_mode;
    case Told::sets_owner:
      return FileEffect::Kind::sets_owner;
  }
  return FileEffect::Kind::writes;
}

// Builders of names for what a word of COPY may be: only a file has an extension, as a rule.
bool looks_like_file(std::string_view name) {
  return name.find('.', 1) != std::string_view::npos || name.starts_with('.');
}

}  // namespace

// Reads the instructions of a stage in the order in which they run.
class TimelineBuilder {
 public:
  TimelineBuilder(Timeline& timeline, const Stage& stage, const EarlierTimeline* earlier = nullptr)
      : timeline_(timeline), stage_(stage), document_(stage.document()), earlier_(earlier) {}

  void build() {
    if (const auto parent = stage_.parent()) timeline_.below_ = &parent->effects();
    if (earlier_ && earlier_->all) {
      take_over(*earlier_->timeline, *earlier_->all);
      return;
    }
    has_entrypoint_ = stage_.state().entrypoint.has_value();
    // Most commands and most instructions have one.
    std::size_t expected = 0;
    for (const Instruction& instruction : stage_.instructions())
      expected += std::max<std::size_t>(1, instruction.script().commands.size());
    timeline_.effects_.reserve(expected);
    for (const Instruction& trigger : stage_.triggers()) read(trigger);
    read_instructions();
    sort_by_path();
  }

  void build_triggers() {
    timeline_.below_ = &stage_.effects();
    state_ = stage_.state();
    for (const Instruction& instruction : stage_.instructions()) {
      if (!instruction.is_trigger()) continue;
      begin(instruction);
      tell(instruction);
      // What it sets is in force for the triggers behind it.
      if (instruction.words().empty()) continue;
      const Value value = instruction.words().front().value();
      if (instruction.kind() == Keyword::user) state_.account = value;
      if (instruction.kind() == Keyword::workdir) state_.folder = joined(state_.folder, value);
    }
    sort_by_path();
  }

 private:
  // What the commands of one pipe have handed on so far.
  struct Text {
    std::string text;
    Span span;  // in the document
  };
  struct Pipe {
    std::optional<std::size_t> download;  // an index in the effects
    std::optional<Text> text;
    bool has_digest = false;  // somebody prints a checksum into it
  };

  // ---- Instructions

  // Takes over the effects of those that say what they said in the version before, as long as that has made the
  // same files by then. Those that verify what was downloaded are read, whatever that is now.
  void read_instructions() {
    std::size_t old_behind = 0;  // behind the last one that says what it said
    std::size_t behind = 0;      // the same here
    std::size_t next = 0;
    for (const Instruction& instruction : stage_.instructions()) {
      const auto same = earlier_ ? earlier_->same[next++] : std::nullopt;
      if (instruction.is_trigger()) continue;
      if (!same) {
        read(instruction);
        continue;
      }
      const std::span<const Effect> old = earlier_->timeline->effects();
      std::size_t first = old_behind;
      while (first < old.size() && old[first].instruction < same->index) ++first;
      std::size_t last = first;
      while (last < old.size() && old[last].instruction == same->index) ++last;
      const bool is_in_step = leave_same_files(old.subspan(old_behind, first - old_behind),
                                               std::span(timeline_.effects_).subspan(behind));
      if (!is_in_step) earlier_ = nullptr;
      if (!is_in_step || std::ranges::binary_search(earlier_->timeline->verifying_, same->index)) {
        read(instruction);
      } else {
        take_over(instruction, first, last, *same);
      }
      old_behind = last;
      behind = timeline_.effects_.size();
    }
  }

  // All that there was: nothing in the stage has changed, nor below it.
  void take_over(const Timeline& old, std::uint32_t moved_by) {
    timeline_.effects_ = old.effects_;
    for (Effect& effect : timeline_.effects_) move(effect, moved_by);
    timeline_.folders_ = old.folders_;
    timeline_.by_command_ = old.by_command_;
    timeline_.verifying_ = old.verifying_;
    timeline_.verified_ = old.verified_;
    sort_by_path();
  }

  static void move(Effect& effect, std::uint32_t moved_by) {
    effect.span = shifted(effect.span, moved_by);
    auto* file = std::get_if<FileEffect>(&effect.what);
    if (file && file->text) file->text_span = shifted(file->text_span, moved_by);
  }

  void take_over(const Instruction& instruction, std::size_t first, std::size_t last,
                 const EarlierTimeline::Same& same) {
    const Timeline& old = *earlier_->timeline;
    const std::size_t begin = timeline_.effects_.size();
    const bool has_layer =
        instruction.kind() == Keyword::add || instruction.kind() == Keyword::copy ||
        instruction.kind() == Keyword::run ||
        std::any_of(old.effects_.begin() + static_cast<std::ptrdiff_t>(first),
                    old.effects_.begin() + static_cast<std::ptrdiff_t>(last),
                    [](const Effect& effect) { return effect.layer.has_value(); });
    if (has_layer) layer_ = layers_++;
    for (std::size_t i = first; i < last; ++i) {
      Effect& effect = timeline_.effects_.emplace_back(old.effects_[i]);
      effect.instruction = instruction.index();
      move(effect, same.moved_by);
      if (effect.layer) effect.layer = layer_;
      if (const auto* file = effect.as<FileEffect>()) remember(*file);
      if (auto* download = std::get_if<DownloadEffect>(&effect.what)) {
        if (std::ranges::find(old.verified_, i) != old.verified_.end()) download->verified = false;
        if (!download->verified) unverified_.push_back(timeline_.effects_.size() - 1);
      }
    }
    auto row = std::ranges::lower_bound(old.by_command_, same.index, {},
                                        &Timeline::OfCommand::instruction);
    for (; row != old.by_command_.end() && row->instruction == same.index; ++row) {
      timeline_.by_command_.push_back({instruction.index(), row->command,
                                       row->first - first + begin, row->last - first + begin});
    }
  }

  void read(const Instruction& instruction) {
    state_ = stage_.state_before(instruction.index());
    begin(instruction);
    tell(instruction);
  }

  void begin(const Instruction& instruction) {
    instruction_ = instruction.index();
    command_.reset();
    layer_.reset();
    user_ = state_.account.text;
    folder_ = state_.folder;
    certain_ = true;
  }

  void tell(const Instruction& instruction) {
    switch (instruction.kind()) {
      case Keyword::add:
      case Keyword::copy:
        layer_ = layers_++;
        transfer(instruction);
        break;
      case Keyword::workdir:
        workdir(instruction);
        break;
      case Keyword::volume:
        for (const Word& word : instruction.words()) {
          FileEffect file{.kind = FileEffect::Kind::makes_folder,
                          .path = joined({"/", true, {}}, word.value())};
          add(std::move(file), word.span());
        }
        break;
      case Keyword::run:
        layer_ = layers_++;
        run(Run(instruction));
        break;
      case Keyword::entrypoint:
        start(instruction, ProgramEffect::How::entrypoint);
        break;
      case Keyword::cmd:
        start(instruction,
              has_entrypoint_ ? ProgramEffect::How::arguments : ProgramEffect::How::cmd);
        break;
      case Keyword::healthcheck:
        start(instruction, ProgramEffect::How::healthcheck);
        break;
      default:
        break;
    }
    if (instruction.kind() != Keyword::from) variables(instruction);
  }

  // COPY and ADD: an effect for each source.
  void transfer(const Instruction& instruction) {
    const auto words = instruction.words();
    if (words.size() < 2) return;
    const auto chown = instruction.flag("chown");
    const auto chmod = instruction.flag("chmod");
    const Value destination = words.back().value();
    const Value to = joined(folder_, destination);
    const bool many = words.size() > 2;
    FileEffect model{.source = Source::context};
    model.owner = chown && chown->value() ? chown->value()->value().text : "root";
    if (chmod && chmod->value()) set_mode(model, chmod->value()->value().text);
    const auto from = instruction.kind() == Keyword::copy ? Copy(instruction).from() : std::nullopt;
    if (from) {
      const auto stage = document_.stage(instruction.expand(from->text()).text);
      model.source = stage ? Source::stage : Source::image;
      if (stage) {
        model.stage = stage->index();
      } else {
        model.image = from->text();
      }
    }
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      FileEffect file = model;
      file.from = words[i].value();
      file.path = to;
      std::string name(file_name(file.from.text));
      bool is_tree = file.from.text.ends_with('/') || name == "." || name == ".." || name.empty();
      bool is_file = looks_like_file(name);
      const HeredocData* heredoc = heredoc_of(instruction, words[i]);
      if (heredoc != nullptr) {
        file.source = Source::text;
        file.text_span = instruction.at(heredoc->body);
        file.text = instruction.document().text(file.text_span);
        file.from = {};
        name = heredoc->delimiter;
        is_tree = false;
        is_file = true;
        if (file.mode.empty()) file.mode_after = std::uint16_t{0644};
      } else if (instruction.kind() == Keyword::add && is_remote(file.from.text)) {
        add_remote(instruction, words[i], file, to, destination);
        continue;
      } else if (instruction.kind() == Keyword::add && is_archive(name)) {
        file.source = Source::archive;
        is_tree = true;
      }
      if (is_tree || has_glob(file.from.text)) {
        file.recursive = true;
      } else if (many || is_folder(destination, to)) {
        const std::string folder = to.text;
        file.path = joined(to, {name, file.from.known, {}});
        if (!is_file) {
          file.folder = folder;
          file.recursive = true;
        }
      } else {
        file.recursive = !is_file;
      }
      add(std::move(file), words[i].span());
    }
  }

  void add_remote(const Instruction& instruction, const Word& word, FileEffect file,
                  const Value& to, const Value& destination) {
    const bool is_working_copy = is_git(file.from.text);
    const std::string name = name_in_url(file.from.text);
    if (!is_working_copy && !name.empty() && is_folder(destination, to)) {
      file.path = joined(to, {name, file.from.known, {}});
    }
    file.recursive = is_working_copy;
    file.source = Source::url;
    if (file.mode.empty() && !is_working_copy) file.mode_after = std::uint16_t{0600};
    DownloadEffect download{.url = file.from, .path = file.path};
    download.tls = is_encrypted(download.url.text);
    const auto checksum = instruction.flag("checksum");
    const bool pinned = is_working_copy && file.from.text.find('#') != std::string::npos &&
                        file.from.text.size() - file.from.text.rfind('#') > 40;
    download.verified = checksum.has_value() || pinned;
    add(std::move(download), word.span());
    add(std::move(file), word.span());
  }

  static const HeredocData* heredoc_of(const Instruction& instruction, const Word& word) {
    if (!word.text().starts_with("<<")) return nullptr;
    for (const HeredocData& heredoc : instruction.data().heredocs) {
      if (instruction.at(heredoc.marker.span).begin == word.span().begin) return &heredoc;
    }
    return nullptr;
  }

  // Whether what is copied to `destination` goes into a folder of that name: it says so, or there is one.
  bool is_folder(const Value& destination, const Value& absolute) const {
    const std::string_view text = destination.text;
    if (text.empty() || text.ends_with('/') || text == "." || text == ".." || text.ends_with("/."))
      return true;
    return is_folder(absolute.text);
  }
  bool is_folder(const std::string& path) const {
    constexpr std::array<std::string_view, 26> everywhere = {"/",
                                                             "/bin",
                                                             "/sbin",
                                                             "/etc",
                                                             "/opt",
                                                             "/tmp",
                                                             "/var",
                                                             "/usr",
                                                             "/root",
                                                             "/home",
                                                             "/srv",
                                                             "/usr/bin",
                                                             "/usr/sbin",
                                                             "/usr/lib",
                                                             "/usr/share",
                                                             "/usr/local",
                                                             "/usr/local/bin",
                                                             "/usr/local/sbin",
                                                             "/usr/local/lib",
                                                             "/usr/local/share",
                                                             "/usr/src",
                                                             "/var/lib",
                                                             "/var/log",
                                                             "/var/tmp",
                                                             "/mnt",
                                                             "/lib"};
    if (std::ranges::find(everywhere, path) != everywhere.end() || path == state_.folder.text)
      return true;
    // Nobody builds this many stages on one another; each COPY of each would look through all.
    int depth = 64;
    for (const Timeline* at = &timeline_; at != nullptr && depth-- > 0; at = at->below_) {
      if (at->folders_.contains(path)) return true;
    }
    return false;
  }

  void workdir(const Instruction& instruction) {
    if (instruction.words().empty()) return;
    const Word word = instruction.words().front();
    FileEffect file{.kind = FileEffect::Kind::makes_folder, .owner = user_};
    file.path = joined(folder_, word.value());
    if (file.path.text == "/") return;  // is there, and makes no layer
    layer_ = layers_++;
    file.mode_after = std::uint16_t{0755};
    add(std::move(file), word.span());
  }

  void start(const Instruction& instruction, ProgramEffect::How how) {
    const auto words = instruction.words();
    if (words.empty()) return;
    std::string_view text = words.front().text();
    if (how == ProgramEffect::How::healthcheck && text == "CMD" && words.size() > 1)
      text = words[1].text();
    if (how == ProgramEffect::How::healthcheck && equals_none(text)) return;
    if (!instruction.is_json()) {
      if (text.starts_with("CMD ")) text.remove_prefix(4);
      while (text.starts_with("exec ")) text.remove_prefix(5);
      text = text.substr(0, text.find_first_of(" \t"));
    }
    ProgramEffect program{how, {std::string(text), true, {}}};
    program.program = instruction.expand_in_shell(text);
    program.program.variables.clear();
    if (instruction.is_json()) program.program = {std::string(text), true, {}};
    add(std::move(program), {words.front().span().begin, words.back().span().end});
  }

  static bool equals_none(std::string_view text) { return text == "NONE" || text == "none"; }

  // ---- RUN

  void run(const Run& run) {
    mounts(run);
    const shell::Script& script = run.script();
    if (script.opaque) return;
    pipes_.clear();
    written_.clear();
    first_of_run_ = timeline_.effects_.size();
    question_.reset();
    const auto commands = run.commands();
    for (std::size_t i = 0; i < commands.size(); ++i) {
      command_ = static_cast<std::uint32_t>(i);
      certain_ = !commands[i].conditional() && !script.has_error;
      command(commands[i]);
    }
    command_.reset();
    certain_ = true;
    user_ = state_.account.text;
    folder_ = state_.folder;
  }

  void mounts(const Run& run) {
    mounts_.clear();
    for (const Flag& flag : run.flags()) {
      if (flag.name().text() != "mount" || !flag.value()) continue;
      const Mount mount = parse_mount(flag.value()->text());
      if (const auto target = mount.get("target", "dst", "destination")) {
        const Value path = joined(folder_, run.expand(*target));
        if (path.known) mounts_.push_back(path.text);
      }
      if (mount.type() != "secret" && mount.type() != "ssh") continue;
      VariableEffect secret{.into = mount.type() == "ssh" ? VariableEffect::Into::ssh_mount
                                                          : VariableEffect::Into::secret_mount};
      const auto target = mount.get("target", "dst", "destination");
      const std::string id(mount.get("id").value_or(target ? file_name(*target) : "default"));
      secret.name = id;
      const bool only_env = mount.get("env") && !target;
      if (mount.type() == "secret" && !only_env) {
        secret.path = joined({"/", true, {}},
                             run.expand(target ? *target : std::string_view("/run/secrets/" + id)));
      }
      add(std::move(secret), flag.span());
    }
  }

  struct Call {
    const Command& command;
    std::vector<ShellWord> words;  // behind the name
    std::span<const shell::Argument> texts;
    std::string name;
    std::string path;  // the name as written

    Span span() const { return command.span(); }
    Span span_of(std::size_t argument) const {
      return argument < words.size() ? words[argument].span() : command.span();
    }
    Value value_of(shell::PathAt at) const {
      return at.argument < words.size() ? rest_of(words[at.argument].value(), at.offset) : Value{};
    }
  };

  void command(const Command& command) {
    const shell::Wrapped wrapped = command.unwrapped();
    const auto& words = command.data().words;
    Call call{command, {}, {}, {}, {}};
    if (wrapped.program < words.size()) {
      const Value program = command.word(wrapped.program).value();
      call.path = program.text;
      if (program.known) call.name = program.text.substr(program.text.rfind('/') + 1);
    }
    call.words = command.arguments();
    call.texts = command.argument_texts();
    enter(command);
    if (wrapped.changes_user) user_ = wrapped.user.value_or("${USER}");
    const std::uint32_t pipeline = command.data().pipeline;
    if (pipeline >= pipes_.size()) pipes_.resize(pipeline + 1);
    Pipe& pipe = pipes_[pipeline];
    const std::size_t before = timeline_.effects_.size();

    downloads(call, pipe);
    if (pipe.download && command.data().link == shell::Link::pipe && !call.name.empty()) {
      std::string& into =
          std::get<DownloadEffect>(timeline_.effects_[*pipe.download].what).piped_into;
      into += (into.empty() ? "" : " ") + call.name;
    }
    if (const shell::PackageCall* packages = command.package_call()) {
      add(PackageEffect{*packages}, call.span_of(packages->subcommand));
      archives(call, *packages);
    }
    for (const shell::AccountChange& change : command.account_changes())
      add(AccountEffect{change}, call.span_of(change.at));
    if (call.name == "chpasswd" && pipe.text) {
      for (const shell::AccountChange& change : shell::password_lines(pipe.text->text))
        add(AccountEffect{change}, call.span());
    }
    const std::optional<Text> text = printed(call);
    hand_on(call, text, pipe);
    files(call, pipe);
    redirections(call, text, pipe);
    programs(call, pipe, before);
    const bool verifies = shell::verifies(call.name, call.texts) || compares_digest(call, pipe);
    if (verifies && certain_) verify();
    const std::size_t behind = timeline_.effects_.size();
    if (behind > before) {
      timeline_.by_command_.push_back({instruction_, *command_, before, behind});
    }
  }

  // Archives on disk that are installed, which brings what their scripts do; `*.deb` among them.
  void archives(const Call& call, const shell::PackageCall& packages) {
    if (packages.action != shell::PackageCall::Action::install) return;
    for (const shell::Package& package : packages.packages) {
      if (package.argument >= call.words.size()) continue;
      const Value path = call.value_of({package.argument, package.offset});
      const std::string_view name = file_name(path.text);
      const bool is_glob = package.kind == shell::Package::Kind::unknown && is_package(name);
      if ((package.kind != shell::Package::Kind::path && !is_glob) || name.empty() ||
          name.starts_with('.'))
        continue;
      add(ProgramEffect{ProgramEffect::How::package, absolute(path)},
          call.span_of(package.argument));
    }
  }
  static bool is_package(std::string_view name) {
    return name.ends_with(".deb") || name.ends_with(".rpm") || name.ends_with(".apk");
  }

  // What the script has set by then: the folder, the umask, who it runs as.
  void enter(const Command& command) {
    umask_ = 022;
    if (const auto& mask = command.data().umask) {
      const auto bits = shell::parse_mask(ShellWord(command.run(), *mask).value().text);
      if (bits) umask_ = static_cast<std::uint16_t>(0777 & ~bits->applied_to(0777));
    }
    user_ = command.data().user ? ShellWord(command.run(), *command.data().user).value().text
                                : state_.account.text;
    folder_ = state_.folder;
    const auto path = command.directory();
    if (!path) {
      folder_ = {".", false, {}};
    } else if (!path->empty()) {
      folder_ = absolute({*path, true, {}});
    }
  }

  // What `~` and ${HOME} mean for the user that is at work.
  Value home() const {
    const std::string name(without_group(user_));
    if (name.empty() ? base_runs_as_root() : is_root(name)) return {"/root", true, {}};
    return {"${HOME}", false, {}};
  }

  bool base_runs_as_root() const {
    const auto base = base_of(stage_);
    return base &&
           facts::default_user(base->name, base->tag).kind != facts::DefaultUser::Kind::non_root;
  }

  Value absolute(Value path) const {
    for (const std::string_view prefix : {"~", "${HOME}"}) {
      if (!path.text.starts_with(prefix)) continue;
      const std::string_view behind = std::string_view(path.text).substr(prefix.size());
      const Value at_home = home();
      if (!at_home.known || !(behind.empty() || behind.starts_with('/'))) continue;
      const bool known = behind.find('$') == std::string_view::npos && !has_glob(behind);
      return {normalized(at_home.text + std::string(behind)), known, {}};
    }
    return joined(folder_, path);
  }

  void downloads(const Call& call, Pipe& pipe) {
    const auto download = shell::download(call.name, call.texts);
    if (!download) return;
    const shell::Redirection* output = output_of(call.command);
    using Target = shell::Download::Target;
    for (const shell::Download::Url& url : download->urls) {
      DownloadEffect effect;
      effect.url = call.value_of({url.argument, url.offset});
      // `git fetch origin`: a name that the working copy knows.
      if (call.name == "git" && effect.url.text.find_first_of(":/") == std::string::npos) continue;
      effect.tls = is_encrypted(effect.url.text) && !download->unverified;
      effect.unverified = download->unverified;
      effect.verified = download->has_checksum;
      const Value path = download->path_argument < call.words.size() && has_path(*download)
                             ? call.value_of({download->path_argument, download->path_offset})
                             : Value{};
      const bool is_working_copy = download->target == Target::folder;
      switch (download->target) {
        case Target::output:
          if (output != nullptr) {
            effect.path = absolute(target_of(call.command, *output));
          }
          break;
        case Target::file:
          effect.path = absolute(path);
          break;
        case Target::by_name:
        case Target::folder: {
          std::string name = name_in_url(effect.url.text);
          if (is_working_copy && name.ends_with(".git")) name.resize(name.size() - 4);
          const bool known = effect.url.known || name.find('$') == std::string::npos;
          if (is_working_copy && has_path(*download)) {
            effect.path = absolute(path);
          } else if (!name.empty()) {
            effect.path = joined(has_path(*download) ? absolute(path) : folder_, {name, known, {}});
          }
          break;
        }
        case Target::unknown:
          break;
      }
      if (is_device(effect.path.text)) effect.path = {};
      pipe.download = timeline_.effects_.size();
      const Value to = effect.path;
      const Value from = effect.url;
      const bool redirected = download->target == Target::output;
      const Span span = call.span_of(url.argument);
      add(std::move(effect), span);
      if (to.text.empty() || redirected) continue;  // a redirection tells of its file itself
      FileEffect file{
          .path = to, .recursive = is_working_copy, .source = Source::download, .from = from};
      file.owner = user_;
      new_file(file);
      add(std::move(file), span);
    }
  }

  static bool has_path(const shell::Download& download) {
    return download.path ? !download.path->empty() : download.path_argument != 0;
  }

  // The last redirection of the output into a file.
  static const shell::Redirection* output_of(const Command& command) {
    const shell::Redirection* found = nullptr;
    for (const shell::Redirection& redirection : command.data().redirections) {
      using Kind = shell::Redirection::Kind;
      const bool is_output = redirection.kind == Kind::output || redirection.kind == Kind::append;
      if (is_output && redirection.descriptor != 2) found = &redirection;
    }
    return found;
  }

  static Value target_of(const Command& command, const shell::Redirection& redirection) {
    return ShellWord(command.run(), redirection.target).value();
  }

  void files(const Call& call, Pipe& pipe) {
    for (const shell::FileChange& change : shell::file_changes(call.name, call.texts)) {
      FileEffect file{.kind = kind_of(change.kind)};
      file.recursive = change.recursive;
      file.filtered = change.filtered;
      file.appends = change.appends;
      const std::optional<shell::PathAt> place =
          change.path ? change.path : std::optional<shell::PathAt>();
      if (place) {
        file.path = absolute(call.value_of(*place));
      } else if (change.into_folder) {
        file.path = folder_;
      } else {
        file.path = {{}, false, {}};
      }
      if (file.kind == FileEffect::Kind::writes && is_device(file.path.text)) continue;
      if (change.from) {
        const Value from = call.value_of(*change.from);
        file.from = change.source == shell::FileChange::Source::link ? from : absolute(from);
        const bool is_named = change.into_folder ||
                              (change.maybe_folder && is_folder(file.path.text)) ||
                              (change.maybe_folder && ends_in_slash(call, *change.path));
        const bool unpacks = change.source == shell::FileChange::Source::archive;
        const std::string name(file_name(from.text));
        if (is_named && !unpacks && !has_glob(name) && name != "." && !name.empty())
          file.path =
              joined(file.path, {name, from.known || name.find('$') == std::string::npos, {}});
        if (is_named && !unpacks && has_glob(name)) file.recursive = true;
      }
      source(change, pipe, file);
      if (change.owner) file.owner = *change.owner;
      if (file.kind == FileEffect::Kind::writes || file.kind == FileEffect::Kind::makes_folder) {
        if (file.owner.empty() && file.source != Source::archive) file.owner = user_;
        if (change.source != shell::FileChange::Source::itself) new_file(file);
      }
      if (change.mode) set_mode(file, *change.mode);
      add(std::move(file), call.span_of(place ? place->argument : call.words.size()));
    }
  }

  static bool ends_in_slash(const Call& call, shell::PathAt at) {
    const std::string text = call.value_of(at).text;
    return text.ends_with('/') || text == "." || text == "..";
  }

  static void source(const shell::FileChange& change, const Pipe& pipe, FileEffect& file) {
    using Origin = shell::FileChange::Source;
    switch (change.source) {
      case Origin::nothing:
        file.source = Source::nothing;
        break;
      case Origin::file:
        file.source = Source::file;
        break;
      case Origin::link:
        file.source = Source::link;
        break;
      case Origin::archive:
        file.source = Source::archive;
        break;
      case Origin::input:
        file.source = pipe.download ? Source::download : Source::command;
        if (!pipe.download && pipe.text) set_text(file, *pipe.text);
        break;
      case Origin::itself:
      case Origin::program:
        file.source = Source::command;
        break;
    }
    const bool has_bytes = file.kind == FileEffect::Kind::writes;
    if (!has_bytes) file.source = Source::nothing;
  }

  static void set_text(FileEffect& file, const Text& text) {
    file.source = Source::text;
    file.text = text.text;
    file.text_span = text.span;
  }

  // What a program such as echo prints, where that is known; of tee what it reads from a heredoc.
  static std::optional<Text> printed(const Call& call) {
    if ((call.name == "cat" && call.words.empty()) || call.name == "tee") {
      for (const shell::Redirection& redirection : call.command.data().redirections) {
        if (redirection.kind != shell::Redirection::Kind::heredoc) continue;
        const ShellWord body(call.command.run(), redirection.target);
        return Text{body.value().text, body.span()};
      }
    }
    if (!shell::prints_words(call.name)) return std::nullopt;
    std::vector<std::string> words;
    for (const ShellWord& word : call.words) words.push_back(word.value().text);
    auto text = shell::printed_text(call.name, words);
    if (!text || words.empty()) return std::nullopt;
    return Text{*std::move(text), {call.words.front().span().begin, call.words.back().span().end}};
  }

  // What the next command of the pipe reads.
  static void hand_on(const Call& call, const std::optional<Text>& text, Pipe& pipe) {
    if (pipe.download) return;
    if (call.command.data().link == shell::Link::pipe) {
      if (text) {
        pipe.text = text;
      } else if (call.name != "tee") {
        pipe.text.reset();
      }
    } else if (text && pipe.text) {  // a group that prints it in parts
      pipe.text->text += "\n" + text->text;
      pipe.text->span.end = text->span.end;
    } else {
      pipe.text = text;
    }
  }

  void redirections(const Call& call, const std::optional<Text>& text, const Pipe& pipe) {
    for (const shell::Redirection& redirection : call.command.data().redirections) {
      using Kind = shell::Redirection::Kind;
      if (redirection.kind != Kind::output && redirection.kind != Kind::append) continue;
      // That of a group is told once, and then again for each text that is added.
      const bool is_first = written_.insert(redirection.span.begin).second;
      if (!is_first && !text) continue;
      FileEffect file{.path = absolute(target_of(call.command, redirection))};
      if (is_device(file.path.text)) continue;
      file.appends = redirection.kind == Kind::append || !is_first;
      const bool is_output = redirection.descriptor != 2;
      const bool is_download =
          is_output && pipe.download && timeline_.effects_[*pipe.download].command == command_;
      file.source = is_download ? Source::download : Source::command;
      if (!is_download && is_output && text) set_text(file, *text);
      file.owner = user_;
      new_file(file);
      if (is_output && text) account_file(file, text->text, call);
      add(std::move(file), call.command.run().at(redirection.target.span));
    }
  }

  // Lines that are added to /etc/passwd by hand.
  void account_file(const FileEffect& file, const std::string& text, const Call& call) {
    if (!file.appends) return;
    for (const shell::AccountChange& change : shell::account_lines(file.path.text, text)) {
      add(AccountEffect{change}, call.span());
    }
  }

  void programs(const Call& call, const Pipe& pipe, std::size_t before) {
    if (call.path.empty()) return;
    if (const auto interpreted = shell::interpreter_call(call.name, call.texts)) {
      using Origin = shell::InterpreterCall::Source;
      ProgramEffect program;
      program.program = {call.name, true, {}};
      switch (interpreted->source) {
        case Origin::text:
          program.how = ProgramEffect::How::text;
          break;
        case Origin::file:
          program.how = ProgramEffect::How::script;
          program.program = absolute(call.value_of({interpreted->argument, interpreted->offset}));
          break;
        case Origin::input:
          program.how = ProgramEffect::How::input;
          program.downloaded =
              pipe.download.has_value() && call.command.data().link == shell::Link::pipe;
          break;
        case Origin::module:
          return;
      }
      add(std::move(program), call.span());
      return;
    }
    const bool is_path = call.path.find('/') != std::string::npos;
    const bool is_exec = call.command.run().is_json();
    if (timeline_.effects_.size() != before || (!is_path && !is_exec)) return;
    const Value path{call.path, call.path.find('$') == std::string::npos, {}};
    ProgramEffect program{ProgramEffect::How::run, is_path ? absolute(path) : path};
    add(std::move(program), call.span());
  }

  // `sha256sum f | grep -q 01ab`, `[ "$(sha256sum f | cut -c-64)" = 01ab ]`. What stands in a question comes
  // behind it.
  bool compares_digest(const Call& call, Pipe& pipe) {
    if (is_listed(call.name, "[ [[ test")) question_ = call.command.span();
    if (is_listed(call.name, "grep egrep fgrep")) return pipe.has_digest;
    if (!shell::digests(call.name, call.texts)) return false;
    pipe.has_digest = true;
    return question_ && question_->covers(call.command.span());
  }

  // What was fetched in this RUN is verified; if nothing was, then what was fetched above.
  void verify() {
    auto& verifying = timeline_.verifying_;
    if (verifying.empty() || verifying.back() != instruction_) verifying.push_back(instruction_);
    bool found = false;
    while (!unverified_.empty()) {
      const std::size_t index = unverified_.back();
      if (found && index < first_of_run_) return;
      found = true;
      unverified_.pop_back();
      timeline_.verified_.push_back(index);
      std::get<DownloadEffect>(timeline_.effects_[index].what).verified = true;
    }
  }

  // ---- Variables

  void variables(const Instruction& instruction) {
    if (instruction.kind() == Keyword::run) {
      variables_of_run(Run(instruction));
      return;
    }
    if (!expands_variables(instruction.kind())) return;
    using Into = VariableEffect::Into;
    const bool is_path =
        instruction.kind() == Keyword::copy || instruction.kind() == Keyword::add ||
        instruction.kind() == Keyword::workdir || instruction.kind() == Keyword::volume;
    for (const Word& word : instruction.words()) {
      const Value value = word.value();
      const bool is_url = value.text.find("://") != std::string::npos;
      for (const std::string& name : value.variables) {
        use(name, is_url ? Into::url : is_path ? Into::path : Into::argument, word.span());
      }
    }
    for (const Pair& pair : instruction.pairs()) {
      if (!pair.value() || instruction.kind() == Keyword::arg) continue;
      for (const std::string& name : pair.value()->value().variables)
        use(name, Into::environment, pair.value()->span());
    }
  }

  void use(const std::string& name, VariableEffect::Into into, Span span) {
    add(VariableEffect{into, name}, span);
  }

  // Whether a variable comes from outside of the script: it is no parameter, nor assigned there.
  static bool is_outer(const shell::Script& script, std::string_view name) {
    return name.find_first_of("0123456789@*#?-$!") != 0 &&
           !std::ranges::binary_search(script.assigned, name);
  }

  void variables_of_run(const Run& run) {
    const shell::Script& script = run.script();
    const bool reads_any = std::ranges::any_of(
        script.uses, [&](const shell::VariableUse& use) { return is_outer(script, use.name); });
    if (!reads_any) return;
    struct Part {
      Span span;
      VariableEffect::Into into;
      std::uint32_t command;
      const shell::Word* word = nullptr;  // of the command itself
    };
    std::vector<Part> parts;
    for (std::uint32_t i = 0; i < script.commands.size(); ++i) {
      const shell::Command& command = script.commands[i];
      for (const shell::Word& word : command.words)
        parts.push_back({word.span, VariableEffect::Into::argument, i, &word});
      for (const shell::Assignment& assignment : command.assignments)
        parts.push_back({assignment.span, VariableEffect::Into::environment, i});
      for (const shell::Redirection& redirection : command.redirections)
        parts.push_back({redirection.target.span, VariableEffect::Into::file, i});
    }
    std::ranges::stable_sort(parts, {}, [](const Part& part) { return part.span.begin; });
    std::set<std::pair<std::uint32_t, std::string_view>> seen;  // once a command
    for (const shell::VariableUse& variable : script.uses) {
      if (!is_outer(script, variable.name)) continue;
      // The innermost part around it: the last that begins in front of it and has not ended.
      auto part = std::ranges::upper_bound(parts, variable.span.begin, {},
                                           [](const Part& each) { return each.span.begin; });
      int steps = 8;
      while (part != parts.begin() && std::prev(part)->span.end < variable.span.end && --steps > 0)
        --part;
      const bool found = part != parts.begin() && std::prev(part)->span.end >= variable.span.end;
      if (found) --part;
      const std::uint32_t at = found ? part->command : UINT32_MAX;
      if (!seen.emplace(at, variable.name).second) continue;
      if (found) command_ = at;
      certain_ = !found || !script.commands[at].conditional;
      VariableEffect::Into into = found ? part->into : VariableEffect::Into::argument;
      if (found && part->word != nullptr &&
          ShellWord(run, *part->word).value().text.find("://") != std::string::npos)
        into = VariableEffect::Into::url;
      use(variable.name, into, run.at(variable.span));
      command_.reset();
    }
    certain_ = true;
  }

  // ---- Effects

  // What a new file gets where nothing says it.
  void new_file(FileEffect& file) const {
    if (file.recursive || file.source == Source::link || file.source == Source::archive ||
        file.source == Source::file)
      return;
    const std::uint16_t all = file.kind == FileEffect::Kind::makes_folder ? 0777 : 0666;
    file.mode_after = static_cast<std::uint16_t>(all & ~umask_);
  }

  void set_mode(FileEffect& file, const std::string& text) {
    file.mode = text;
    file.mode_after.reset();
    const auto mode = shell::parse_mode(text);
    if (!mode) return;
    const bool absolute = !text.empty() && text[0] >= '0' && text[0] <= '7';
    const bool by_umask = text.find_first_of("ugoa") != 0 && !absolute &&
                          text.find_first_of("rwx") != std::string::npos;
    const bool depends = text.find_first_of("X") != std::string::npos || by_umask;
    if (absolute) {
      file.mode_after = mode->applied_to(0);
    } else if (const auto before = modes_.find(file.path.text);
               before != modes_.end() && !depends) {
      file.mode_after = mode->applied_to(before->second);
    }
  }

  void keep_mode(FileEffect& file) {
    using Kind = FileEffect::Kind;
    if (!file.path.known || file.filtered) return;
    const auto before = modes_.find(file.path.text);
    if (before != modes_.end()) {
      file.mode_before = before->second;
      const bool stays = file.mode.empty() && file.kind == Kind::writes &&
                         (file.source == Source::text || file.source == Source::command ||
                          file.source == Source::nothing || file.source == Source::download);
      const bool is_there = file.mode.empty() && file.kind == Kind::makes_folder;
      if (stays || is_there) file.mode_after = before->second;
    }
  }

  void remember(const FileEffect& file) {
    using Kind = FileEffect::Kind;
    const std::string& path = file.path.text;
    if (file.kind == Kind::makes_folder) timeline_.folders_.insert(path);
    if (!file.path.known || file.filtered) return;
    if (file.kind == Kind::deletes || !file.mode_after) {
      if (file.kind != Kind::sets_owner) modes_.erase(path);
    } else {
      modes_[path] = *file.mode_after;
    }
  }

  void add(Effect::What what, Span span) {
    bool certain = certain_;
    const std::size_t index = timeline_.effects_.size();
    if (auto* file = std::get_if<FileEffect>(&what)) {
      certain = certain && !is_hidden(file->path);
      file->in_mount = command_ && std::ranges::any_of(mounts_, [&](const std::string& mount) {
                         return is_within(file->path.text, mount);
                       });
      keep_mode(*file);
      remember(*file);
    }
    if (const auto* download = std::get_if<DownloadEffect>(&what)) {
      if (!download->verified) unverified_.push_back(index);
    }
    if (const auto* account = std::get_if<AccountEffect>(&what)) {
      const auto& name = account->change.name;
      certain = certain && name && name->find('$') == std::string::npos;
    }
    timeline_.effects_.push_back(
        Effect{std::move(what), span, instruction_, layer_, command_, certain, user_});
  }

  void sort_by_path() {
    auto& all = timeline_.by_path_;
    for (std::size_t i = 0; i < timeline_.effects_.size(); ++i) {
      const FileEffect* file = timeline_.effects_[i].as<FileEffect>();
      if (file == nullptr) continue;
      std::string_view path = file->path.text;
      if (const std::size_t glob = find_glob(path); glob != std::string_view::npos) {
        const std::size_t slash = path.substr(0, glob).rfind('/');
        path = slash == 0 || slash == std::string_view::npos ? "/" : path.substr(0, slash);
      }
      all.push_back({path, i});
      if (!file->folder.empty()) all.push_back({file->folder, i});
    }
    std::ranges::sort(all);
    thin_out(all);
  }

  // Nobody changes a path this often. Of one that is, the first and the last changes are found, and none between
  // them: each may be compared with all others.
  static void thin_out(std::vector<Timeline::OnPath>& all) {
    constexpr std::ptrdiff_t most = 128;
    if (all.size() <= 2 * most) return;
    std::vector<Timeline::OnPath> kept;
    for (auto first = all.begin(); first != all.end();) {
      const auto last = std::find_if(first, all.end(),
                                     [&](const auto& each) { return each.path != first->path; });
      const bool is_long = last - first > 2 * most;
      kept.insert(kept.end(), first, is_long ? first + most : last);
      if (is_long) kept.insert(kept.end(), last - most, last);
      first = last;
    }
    all = std::move(kept);
  }

  Timeline& timeline_;
  Stage stage_;
  const Document& document_;
  const EarlierTimeline* earlier_;  // null once files are others

  bool has_entrypoint_ = false;  // at the end of the stage
  std::uint32_t layers_ = 0;     // so far
  // Of the instruction that is read.
  std::uint32_t instruction_ = 0;
  std::optional<std::uint32_t> layer_;
  std::optional<std::uint32_t> command_;
  EffectiveState state_;
  std::string user_;
  Value folder_;
  bool certain_ = true;
  // Of the RUN.
  std::uint16_t umask_ = 022;
  std::size_t first_of_run_ = 0;
  std::optional<Span> question_;         // the last `[`
  std::vector<Pipe> pipes_;              // by Command::pipeline
  std::vector<std::string> mounts_;      // paths that are no part of the layer
  std::set<std::uint32_t> written_;      // where redirections begin that were told
  std::vector<std::size_t> unverified_;  // downloads that nothing has verified so far
  // The permission bits of paths, as far as they are known.
  std::unordered_map<std::string, std::uint16_t> modes_;
};

Timeline::Timeline(const Stage& stage, const EarlierTimeline* earlier) {
  TimelineBuilder(*this, stage, earlier).build();
}

Timeline::Timeline(const Stage& stage, OfTriggers) {
  TimelineBuilder(*this, stage).build_triggers();
}

bool leaves_triggers(const Stage& stage) {
  const auto all = stage.instructions();
  const bool has_any = std::ranges::any_of(
      all, [](const Instruction& instruction) { return instruction.is_trigger(); });
  return has_any && std::ranges::none_of(stage.document().stages(), [&](const Stage& other) {
           return other.parent() == stage;
         });
}

}  // namespace bulkhead
