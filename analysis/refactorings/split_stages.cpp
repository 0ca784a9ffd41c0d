#include <algorithm>
#include <set>

#include "analysis/facts/images.h"
#include "analysis/facts/programs.h"
#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/image_use.h"
#include "analysis/model/paths.h"
#include "analysis/model/process.h"
#include "analysis/model/rewrite.h"
#include "analysis/refactorings/build_plan.h"
#include "analysis/refactorings/refactorings.h"
#include "analysis/rules/json_form.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/path.h"

namespace bulkhead {
namespace {

using namespace refactorings;

struct Image {
  std::string written;
  std::string name;
  std::string tag;
};

// The image of the second stage.
std::optional<Image> image_to_run_on(const SingleStage& single, const BuildPlan& plan) {
  const From from = single.stage.from();
  const auto use = image_of(from);
  if (!use || !from.image_word()) return std::nullopt;
  std::string plain = use->name.substr(0, use->name.find('@'));
  const std::string& tag = use->image.tag;
  if (!tag.empty()) plain.resize(plain.size() - tag.size() - 1);
  std::string made = facts::runtime_image(*single.image, plain, tag);
  if (single.image->runtime.empty()) {
    const facts::SdkImage* sdk = facts::sdk_image(single.name, single.tag);
    if (sdk) made = plan.is_static ? sdk->static_runtime : sdk->dynamic_runtime;
  }
  if (made.empty()) return std::nullopt;
  const ImageReference image = parse_image(made);
  // What only adds to the name leaves its variables alone.
  const std::string_view word = from.image_word()->text();
  if (made.starts_with(use->name) && word.find('"') == std::string_view::npos)
    made = std::string(word) + made.substr(use->name.size());
  return Image{made, image.familiar_name(), image.tag};
}

// What becomes of the author's instructions: their text with the comments above them.
class Draft {
 public:
  Draft(const SingleStage& single, const BuildPlan& plan, Image image)
      : single_(single),
        plan_(plan),
        image_(std::move(image)),
        document_(single.stage.document()),
        has_shell_(facts::has_shell(image_.name, image_.tag) != false) {}

  // The text of the whole document; none where an instruction has no place in either stage.
  std::optional<std::string> write() {
    if (!settle_user()) return std::nullopt;
    find_volumes();
    for (const Instruction& instruction : single_.stage.instructions()) {
      if (instruction.kind() != Keyword::from && !place(instruction)) return std::nullopt;
    }
    repeat_variables();
    const std::string draft = head() + builder_ + last_stage();
    return with_user(draft);
  }

 private:
  bool is_behind_build(const Instruction& instruction) const {
    return instruction.index() > single_.last_build;
  }

  // ---- Who runs it.

  bool settle_user() {
    using Kind = facts::DefaultUser::Kind;
    brings_user_ = facts::default_user(image_.name, image_.tag).kind == Kind::non_root;
    const EffectiveState state = single_.stage.state();
    if (!state.user) return true;
    if (!state.account.known) return false;
    const std::string& user = state.account.text;
    if (brings_user_ || is_root(user)) return true;
    const std::string name(without_group(user));
    if (exists(name)) user_ = user;
    if (const auto command = maker(single_.stage, name); command && only_settles(command->run())) {
      user_ = user;
      maker_ = command->run().index();
    }
    return true;
  }

  // Without a shell nobody can make a folder there and give it away, so that the build has to.
  void find_volumes() {
    if (!brings_user_ || has_shell_) return;
    const Instruction last = document_.instructions()[single_.last_build];
    if (user_of_step(last).kind != StepUser::Kind::root) return;
    for (const Volume& volume : single_.stage.all<Volume>()) {
      for (const Word& word : volume.words()) {
        const Value path = word.value();
        if (path.known && path.text.starts_with('/')) volumes_.push_back(normalized(path.text));
      }
    }
  }

  // Whether the image of the second stage has the account, or needs none.
  bool exists(std::string_view name) const {
    return is_root(name) || std::ranges::all_of(name, [](char c) { return is_digit(c); }) ||
           facts::find_user(image_.name, image_.tag, name);
  }

  // Whether the second stage has the account, or makes it.
  bool may_own(std::string_view name) const {
    if (exists(name) || (maker_ && user_ && without_group(*user_) == name)) return true;
    const auto command = maker(single_.stage, name);
    return has_shell_ && command && is_behind_build(command->run());
  }

  std::string with_user(const std::string& draft) const {
    const auto document = Document::create(draft);
    const Stage last = document->stages().back();
    if (!account_of_process(last).empty()) return draft;
    const OrdinaryUser user = user_ ? OrdinaryUser{*user_, {}, {}} : ordinary_user(last);
    return apply_edits(draft, std::vector{run_as(last, user).change}).value_or(draft);
  }

  // ---- Where each instruction goes.

  bool place(const Instruction& instruction) {
    switch (instruction.kind()) {
      case Keyword::shell:
        // What the process is started by is one command, which any shell takes.
        if (!is_behind_build(instruction)) builder_ += block(instruction);
        return true;
      case Keyword::arg:
      case Keyword::env:
      case Keyword::workdir:
        (is_behind_build(instruction) ? moved_ : builder_) += block(instruction);
        return true;
      case Keyword::user:
        if (!is_behind_build(instruction)) builder_ += block(instruction);
        return true;
      case Keyword::add:
      case Keyword::copy:
        return place_copy(instruction);
      case Keyword::run:
        return place_run(Run(instruction));
      case Keyword::cmd:
      case Keyword::entrypoint:
        return place_start(instruction);
      case Keyword::healthcheck:
        return place_healthcheck(instruction);
      default:
        moved_ += block(instruction);
        note_variables(instruction);
        return true;
    }
  }

  bool place_copy(const Instruction& instruction) {
    if (!is_behind_build(instruction)) {
      builder_ += block(instruction);
      return true;
    }
    const auto owner = instruction.flag("chown");
    const auto value = owner ? owner->value() : std::nullopt;
    if (value) {
      const Value resolved = value->value();
      if (!resolved.known || !may_own(without_group(resolved.text))) return false;
    }
    moved_ += block(instruction);
    note_variables(instruction);
    return true;
  }

  bool place_run(const Run& run) {
    const bool makes_user = maker_ == run.index();
    if (!is_behind_build(run)) {
      if (!prepared_ && plan_.prepared == run.index()) {
        prepared_ = true;
        builder_ += above_comments(block(run), lines(plan_.preparation));
      } else if (!makes_user || uses_account()) {
        builder_ += block(run);
      }
      if (makes_user || gives_to_user(run)) {
        if (!repeat(run)) return false;
        repeated_runs_.insert(run.index());
      }
      if (run.index() == single_.last_build) {
        builder_ += lines(plan_.finish);
        for (const std::string& path : volumes_) builder_ += line("RUN mkdir -p " + path);
      }
      return true;
    }
    const bool makes_folder = std::ranges::any_of(
        run.commands(), [](const Command& command) { return command.name() == "mkdir"; });
    if (brings_user_ && !has_shell_) return !makes_folder;
    const auto files = file_effects(run);
    const bool owners_exist = std::ranges::all_of(files, [&](const FileEffect& effect) {
      return effect.owner.empty() || may_own(without_group(effect.owner));
    });
    return owners_exist && !changes_what_is_left(run) && repeat(run);
  }

  // In the second stage. Debian's adduser is a package that its small images lack.
  bool repeat(const Run& run) {
    const auto commands = run.commands();
    const auto is_adduser = [](const Command& command) {
      return command.name() == "adduser" || command.name() == "addgroup";
    };
    if (facts::account_tool(image_.name, image_.tag) == facts::AccountTool::useradd &&
        std::ranges::any_of(commands, is_adduser)) {
      const bool is_all = std::ranges::all_of(commands, is_adduser) && maker_ == run.index();
      const auto made =
          is_all ? creation(single_.stage, std::string(without_group(*user_))) : std::nullopt;
      if (made) moved_ += line(*made);
      return made.has_value();
    }
    moved_ += block(run);
    for (const shell::VariableUse& use : run.script().uses) needed_.insert(use.name);
    return true;
  }

  // Whether it only makes folders for the account that the process goes on to run as, besides its own.
  bool gives_to_user(const Run& run) const {
    if (!user_ || !maker_ || !only_settles(run) || changes_what_is_left(run)) return false;
    bool gives = false;
    for (const FileEffect& effect : file_effects(run)) {
      if (is_within(effect.path.text, single_.folder)) return false;
      gives = gives || without_group(effect.owner) == without_group(*user_);
    }
    return gives;
  }

  std::vector<FileEffect> file_effects(const Run& run) const {
    std::vector<FileEffect> found;
    single_.stage.effects().each<FileEffect>([&](const Effect& effect, const FileEffect& file) {
      if (effect.instruction == run.index()) found.push_back(file);
    });
    return found;
  }

  // Whether it sets the owner of something that the build made and the second stage does not get.
  bool changes_what_is_left(const Run& run) const {
    const auto is_left = [&](const std::string& path) {
      if (path == single_.folder || std::ranges::any_of(plan_.copied, [&](const auto& one) {
            return is_within(path, one.to);
          }))
        return false;
      const Timeline& timeline = single_.stage.effects();
      return std::ranges::any_of(timeline.on_path(path), [&](std::size_t at) {
        const Effect& effect = timeline.effects()[at];
        const auto kind = effect.as<FileEffect>()->kind;
        return effect.instruction <= single_.last_build && effect.instruction != run.index() &&
               (kind == FileEffect::Kind::writes || kind == FileEffect::Kind::makes_folder) &&
               !repeated_runs_.contains(effect.instruction);
      });
    };
    return std::ranges::any_of(file_effects(run), [&](const FileEffect& effect) {
      return effect.kind == FileEffect::Kind::sets_owner && is_left(effect.path.text);
    });
  }

  // Whether a step of the build is done by, or for, the account that the process runs as.
  bool uses_account() const {
    return std::ranges::any_of(single_.stage.instructions(), [&](const Instruction& instruction) {
      return !is_behind_build(instruction) &&
             (instruction.kind() == Keyword::user || instruction.flag("chown"));
    });
  }

  // The shell form needs a shell, which is not there where only programs are shipped.
  bool place_start(const Instruction& instruction) {
    const Process process = process_of(single_.stage);
    const auto start = process.start();
    const bool is_start = start && start->index() == instruction.index();
    note_variables(instruction);
    const bool by_shell = !instruction.is_json() || instruction.commands().size() > 1;
    if (has_shell_ || !is_start || !by_shell) {
      moved_ += block(instruction);
      return true;
    }
    const Command command = instruction.commands().back();
    for (std::size_t i = 0; i < command.data().words.size(); ++i) {
      if (!command.data().words[i].literal()) return false;
    }
    if (!command.data().redirections.empty() || !command.data().assignments.empty()) return false;
    if (process.entrypoint && process.command) return false;
    const std::string text = block(instruction);
    const std::size_t own = instruction.span().size();
    moved_ += text.substr(0, text.size() - own - line_end().size()) +
              std::string(instruction.keyword().text()) + " " + rules::to_json(single_.call) +
              line_end();
    return true;
  }

  bool place_healthcheck(const Instruction& instruction) {
    std::string lack;
    for (const Command& command : instruction.commands()) {
      const std::string& name = command.name();
      const bool is_own = std::ranges::any_of(
          plan_.copied, [&](const auto& one) { return one.to.ends_with(name); });
      if (!has_shell_ && (!instruction.is_json() || !is_own))
        lack = "this image has no shell and no tools; let the program test itself";
      if (lack.empty() && facts::slim_lacks(name)) lack = "this image may lack " + name;
    }
    std::string text = block(instruction);
    if (!lack.empty()) {
      const std::size_t own = text.size() - line_end().size() - instruction.span().size();
      const std::size_t above = own == 0 ? std::string::npos : text.rfind('\n', own - 1);
      text.insert(above == std::string::npos ? 0 : above + 1, line("# Check: " + lack));
    }
    moved_ += text;
    note_variables(instruction);
    return true;
  }

  // ---- Variables.

  void note(const Word& word) {
    for (const std::string& name : word.value().variables) needed_.insert(name);
  }

  void note_variables(const Instruction& instruction) {
    for (const Word& word : instruction.words()) note(word);
    for (const Pair& pair : instruction.pairs()) {
      if (const auto value = pair.value()) note(*value);
    }
    for (const shell::VariableUse& use : instruction.script().uses) needed_.insert(use.name);
  }

  bool sets(std::string_view name) const {
    return std::ranges::any_of(single_.stage.all<Env>(), [&](const Env& env) {
      return std::ranges::any_of(env.pairs(),
                                 [&](const Pair& pair) { return pair.name().text() == name; });
    });
  }

  // Whether the program may read the variable: it is not there for the build alone, nor made of such.
  static bool may_be_read(const Pair& pair) {
    if (facts::is_build_variable(pair.name().text())) return false;
    const auto value = pair.value();
    return !value || std::ranges::none_of(value->value().variables, [](const std::string& name) {
      return facts::is_build_variable(name);
    });
  }

  // ENV of the build that the program may read as well, and ARG that something in the second stage asks
  // for.
  void repeat_variables() {
    for (const Env& env : single_.stage.all<Env>()) {
      for (const Pair& pair : env.pairs()) {
        const bool is_read = is_behind_build(env) || may_be_read(pair);
        if (is_read && pair.value()) note(*pair.value());
      }
    }
    for (const Instruction& instruction : single_.stage.instructions()) {
      if (instruction.is_trigger() || is_behind_build(instruction)) continue;
      const bool is_env = instruction.kind() == Keyword::env;
      if (!is_env && instruction.kind() != Keyword::arg) continue;
      std::string pairs;
      for (const Pair& pair : instruction.pairs()) {
        const std::string name(pair.name().text());
        const bool serves = needed_.contains(name) || (is_env && may_be_read(pair));
        if (serves) pairs += " " + std::string(document_.text(pair.span()));
      }
      if (!pairs.empty()) repeated_ += line(std::string(is_env ? "ENV" : "ARG") + pairs);
    }
  }

  // ---- Text.

  std::string line_end() const { return std::string(document_.line_end()); }

  // A line of ours, its keyword in the case of the author's.
  std::string line(const std::string& text) const {
    return styled(text, single_.stage.from().keyword().text()) + line_end();
  }

  std::string lines(const std::vector<std::string>& texts) const {
    std::string made;
    for (const std::string& text : texts) made += line(text);
    return made;
  }

  // From behind the instruction above to the end of the instruction's last line.
  std::string block(const Instruction& instruction) const {
    std::uint32_t begin = single_.stage.from().span().end;
    for (const Instruction& above : single_.stage.instructions()) {
      if (above.index() >= instruction.index()) break;
      begin = std::max(begin, above.span().end);
    }
    std::string_view text = document_.text({begin, instruction.span().end});
    const std::size_t end = text.find('\n');  // that of the line above
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
    return std::string(text) + line_end();
  }

  // `lines` in front of the text of a block, behind the blank lines on its top.
  static std::string above_comments(const std::string& block, const std::string& lines) {
    const std::size_t kept = without_blank_lines_on_top(block).size();
    return block.substr(0, block.size() - kept) + lines + block.substr(block.size() - kept);
  }

  static std::string without_blank_lines_on_top(std::string text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    const std::size_t begin = text.rfind('\n', first);
    return begin == std::string::npos ? text : text.substr(begin + 1);
  }

  // "build", or what it is built with: "maven". Any other name is that of what is shipped.
  bool is_name_of_build(std::string_view name) const {
    return equals_ignoring_case(name, "build") || equals_ignoring_case(name, "builder") ||
           equals_ignoring_case(name, file_name(single_.name));
  }

  std::string build_name() const {
    const auto alias = single_.stage.from().alias();
    return alias && is_name_of_build(alias->text()) ? std::string(alias->text()) : "build";
  }

  std::string as(const std::string& name) const {
    return " " + styled("AS " + name, single_.stage.from().keyword().text());
  }

  // Whether the second stage sets another folder before it does anything in this one.
  bool goes_elsewhere() const {
    for (const Instruction& instruction : single_.stage.instructions()) {
      if (!is_behind_build(instruction)) continue;
      switch (instruction.kind()) {
        case Keyword::workdir:
          return !instruction.words().empty() && instruction.words()[0].text().starts_with('/');
        case Keyword::add:
        case Keyword::copy:
        case Keyword::run:
          return false;
        default:
          break;
      }
    }
    return false;
  }

  // All in front of the first stage, and its FROM.
  std::string head() const {
    const From from = single_.stage.from();
    const auto alias = from.alias();
    std::string text(document_.text({0, alias ? alias->span().begin : from.span().end}));
    return text + (alias ? build_name() : as(build_name())) + line_end();
  }

  std::string last_stage() const {
    const From from = single_.stage.from();
    std::string text = "FROM ";
    for (const Flag& flag : from.flags()) {
      const std::string written(flag.whole().text());
      // The platform of the builder is not that of what it builds for.
      if (written.find("BUILDPLATFORM") == std::string::npos) text += written + " ";
    }
    text += image_.written;
    const auto alias = from.alias();
    const bool has_own_name = alias && !is_name_of_build(alias->text());
    text = line_end() + line(text + (has_own_name ? as(std::string(alias->text())) : ""));
    text += repeated_;
    std::vector<std::string> own;
    if (single_.stage.state_before(single_.last_build).workdir && !goes_elsewhere())
      own.push_back("WORKDIR " + single_.folder);
    own.insert(own.end(), plan_.steps.begin(), plan_.steps.end());
    for (const std::string& check : plan_.checks) own.push_back("# Check: " + check);
    for (const auto& [source, target] : plan_.copied)
      own.push_back("COPY --from=" + build_name() + " " + source + " " + target);
    const std::string owner(facts::default_user(image_.name, image_.tag).user);
    for (const std::string& path : volumes_)
      own.push_back("COPY --from=" + build_name() + " --chown=" + owner + " " + path + " " + path);
    for (const std::string& variable : plan_.variables) {
      if (variable.starts_with("PATH=") || !sets(variable.substr(0, variable.find('='))))
        own.push_back("ENV " + variable);
    }
    text += lines(own) + without_blank_lines_on_top(moved_);
    // What stands behind the last instruction.
    std::uint32_t end = 0;
    for (const Instruction& instruction : single_.stage.instructions())
      end = std::max(end, instruction.span().end);
    const std::string_view rest = document_.text().substr(end);
    const std::size_t next = rest.find('\n');
    if (next != std::string_view::npos) text += rest.substr(next + 1);
    return text;
  }

  const SingleStage& single_;
  const BuildPlan& plan_;
  const Image image_;
  const Document& document_;
  const bool has_shell_;
  bool brings_user_ = false;
  bool prepared_ = false;
  std::optional<std::string> user_;        // that the author chose, and the second stage has
  std::optional<std::uint32_t> maker_;     // the RUN that makes it
  std::vector<std::string> volumes_;       // folders that the build makes for the process
  std::set<std::uint32_t> repeated_runs_;  // of the build, that the second stage has as well
  std::set<std::string> needed_;           // variables that the second stage asks for
  std::string builder_;
  std::string moved_;
  std::string repeated_;
};

}  // namespace

std::optional<Refactoring> split_stages(const Document& document) {
  const auto single = single_stage(document);
  const auto plan = single ? plan_build(*single) : std::nullopt;
  auto image = plan ? image_to_run_on(*single, *plan) : std::nullopt;
  if (!image) return std::nullopt;
  const auto text = Draft(*single, *plan, *std::move(image)).write();
  if (!text) return std::nullopt;
  const std::uint32_t begin = single->stage.from().begin();
  const auto end = static_cast<std::uint32_t>(document.text().size());
  return Refactoring{"Move the build into a stage of its own (draft)",
                     {replace(Span{begin, end}, text->substr(begin))}};
}

}  // namespace bulkhead
