#include "analysis/model/accounts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <span>

#include "analysis/facts/images.h"
#include "analysis/facts/users.h"
#include "analysis/model/account_origins.h"
#include "analysis/model/process.h"
#include "analysis/model/reader.h"
#include "analysis/model/rewrite.h"
#include "analysis/model/runtime_paths.h"
#include "analysis/shell/commands/interpreters.h"
#include "analysis/shell/commands/users.h"
#include "analysis/text/ascii.h"

namespace bulkhead {
namespace {

template <class List>
bool contains(const List& list, std::string_view item) {
  return std::ranges::find(list, item) != list.end();
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Calls `use` with the value of each argument, be it not all known, until it returns true; whether one did.
template <class Use>
bool any_argument(const Command& command, Use use) {
  const auto& texts = command.argument_texts();
  const auto is_known = [](const shell::Argument& text) { return text.has_value(); };
  if (std::ranges::all_of(texts, is_known))
    return std::ranges::any_of(texts, use,
                               [](const shell::Argument& text) { return std::string_view(*text); });
  return std::ranges::any_of(command.arguments(),
                             [&](const ShellWord& word) { return use(word.value().text); });
}

// Lines that a command adds to /etc/passwd by hand.
std::vector<shell::AccountChange> added_lines(const Command& command) {
  const std::string& program = command.name();
  if (program != "echo" && program != "printf") return {};
  for (const shell::Redirection& redirection : command.data().redirections) {
    if (redirection.kind != shell::Redirection::Kind::append) continue;
    const auto path = redirection.target.literal();
    for (const auto& line : command.argument_texts()) {
      if (path && line) {
        if (auto lines = shell::account_lines(*path, *line); !lines.empty()) return lines;
      }
    }
  }
  return {};
}

// What a command does to accounts, one way or the other.
class Changes {
 public:
  explicit Changes(const Command& command)
      : lines_(added_lines(command)), all_(lines_.empty() ? command.account_changes() : lines_) {}

  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;

  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }

 private:
  std::vector<shell::AccountChange> lines_;
  std::span<const shell::AccountChange> all_;
};

// ---- What may bring accounts without naming them.

// Commands that bring none, whatever their arguments. Any other one may.
constexpr auto harmless = std::to_array<std::string_view>({"[",          "[[",
                                                           "addgroup",   "apt-key",
                                                           "apt-mark",   "awk",
                                                           "basename",   "bundle",
                                                           "bunzip2",    "bzip2",
                                                           "cargo",      "cat",
                                                           "cd",         "chgrp",
                                                           "chmod",      "chown",
                                                           "chpasswd",   "cmp",
                                                           "composer",   "corepack",
                                                           "cp",         "curl",
                                                           "cut",        "date",
                                                           "delgroup",   "deluser",
                                                           "diff",       "dirname",
                                                           "dotnet",     "du",
                                                           "echo",       "export",
                                                           "expr",       "false",
                                                           "file",       "find",
                                                           "gem",        "getent",
                                                           "git",        "go",
                                                           "gosu",       "gpg",
                                                           "grep",       "groupadd",
                                                           "groupmod",   "gunzip",
                                                           "gzip",       "head",
                                                           "id",         "install",
                                                           "java",       "javac",
                                                           "ldconfig",   "ln",
                                                           "locale-gen", "ls",
                                                           "md5sum",     "mkdir",
                                                           "mktemp",     "mv",
                                                           "node",       "npm",
                                                           "npx",        "passwd",
                                                           "pip",        "pip3",
                                                           "pnpm",       "poetry",
                                                           "printf",     "pwd",
                                                           "python",     "python3",
                                                           "readlink",   "rm",
                                                           "rmdir",      "sed",
                                                           "set",        "sha256sum",
                                                           "sha512sum",  "sleep",
                                                           "sort",       "strip",
                                                           "su-exec",    "tail",
                                                           "tar",        "tee",
                                                           "test",       "touch",
                                                           "tr",         "true",
                                                           "uname",      "unset",
                                                           "unzip",      "update-ca-certificates",
                                                           "userdel",    "usermod",
                                                           "uv",         "wget",
                                                           "which",      "yarn"});
static_assert(std::ranges::is_sorted(harmless));

constexpr std::array<std::string_view, 11> package_managers = {
    "apk",  "apt", "apt-get", "aptitude",          "dnf", "microdnf", "pacman",
    "tdnf", "yum", "zypper",  "add-apt-repository"};

// Accounts of services, which packages that are called otherwise bring, or bring along.
constexpr std::array<std::string_view, 34> of_packages = {
    "apache",     "avahi",           "bind",    "chrony",   "clamav",
    "daemon",     "debian-exim",     "dnsmasq", "exim",     "ftp",
    "git",        "guacd",           "httpd",   "ldap",     "lighttpd",
    "messagebus", "mysql",           "named",   "nginx",    "ntp",
    "openldap",   "polkitd",         "postfix", "postgres", "rabbitmq",
    "redis",      "rtkit",           "rpc",     "sshd",     "statd",
    "syslog",     "systemd-network", "tomcat",  "www-data"};

// Whether a command, which makes `changes`, may bring any account there is, but for the packages that it installs.
bool may_bring_any(const Command& command, const Changes& changes) {
  const std::string& program = command.name();
  bool makes_others = false;
  for (const shell::AccountChange& change : changes) {
    if (change.kind != shell::AccountChange::Kind::makes_user) continue;
    if (!change.name) return true;
    makes_others = true;
  }
  if (program.empty()) return !command.data().words.empty();  // else a mere assignment
  if (!contains(package_managers, program) && !makes_others &&
      !std::ranges::binary_search(harmless, program))
    return true;
  for (const shell::Redirection& redirection : command.data().redirections) {
    if (has(redirection.target.display(), "passwd")) return true;
  }
  return any_argument(command, [](std::string_view text) {
    return has(text, "/etc/passwd") || text == "/etc" || text == "/etc/";
  });
}

// Whether what is copied to `destination` may be, or hold, /etc/passwd.
bool may_bring_passwd(const Instruction& instruction) {
  const auto words = instruction.words();
  if (words.size() < 2) return false;
  const Value destination = words.back().value();
  std::string_view to = destination.text;
  while (to.size() > 1 && to.ends_with('/')) to.remove_suffix(1);
  if (!destination.known || to == "/etc" || to == "/etc/passwd") return true;
  if (to != "/") return false;
  // A file with an extension is that file and no tree, unless ADD unpacks it.
  return std::any_of(words.begin(), words.end() - 1, [&](const Word& source) {
    const Value value = source.value();
    const std::string_view name = std::string_view(value.text).substr(value.text.rfind('/') + 1);
    return instruction.kind() == Keyword::add || !value.known || !has(name, ".") || has(name, "*");
  });
}

// Those of the lineage, in the order in which they run; triggers left out.
std::vector<Run> runs_of(const Stage& stage) {
  std::vector<Run> runs;
  const auto lineage = stage.lineage();
  for (auto at = lineage.rbegin(); at != lineage.rend(); ++at) {
    for (const Run& run : at->all<Run>()) runs.push_back(run);
  }
  return runs;
}

// ---- How accounts are made.

// The program of the last SHELL; empty where there is none.
std::string shell_of(const Stage& stage) {
  const auto shell = stage.state().shell;
  return shell && !shell->words().empty() ? std::string(shell->words().front().text()) : "";
}

facts::AccountTool account_tool(const Stage& stage) {
  using facts::AccountTool;
  const auto base = base_of(stage);
  const AccountTool known =
      base ? facts::account_tool(base->name, base->tag) : AccountTool::unknown;
  if (known == AccountTool::net_user) return known;
  const std::string shell = lower_case(shell_of(stage));
  const bool windows = shell.starts_with("powershell") || shell.starts_with("cmd");
  if (known == AccountTool::unknown && (windows || stage.document().escape() == '`'))
    return AccountTool::net_user;
  // A SHELL of another family would not take the command.
  const auto set_by = stage.state().shell;
  if (set_by && !set_by->words().empty() && !shell_in_force(set_by->data()).posix)
    return AccountTool::none;
  if (known != AccountTool::unknown) return known;
  // The package manager that the stage calls tells the family too.
  for (const Run& run : runs_of(stage)) {
    for (const Command& command : run.commands()) {
      const std::string& program = command.name();
      if (program == "apt-get" || program == "apt") return AccountTool::useradd;
      if (program == "apk") return AccountTool::adduser;
    }
  }
  return AccountTool::unknown;
}

// User and group get the number `id`; where that is empty, one of the system's choice.
std::optional<std::string> run_to_create(const Stage& stage, const std::string& name,
                                         const std::string& id) {
  using facts::AccountTool;
  const std::string shadow = !id.empty()
                                 ? "groupadd --gid " + id + " " + name + " && useradd --uid " + id +
                                       " --gid " + name + " --create-home " + name
                                 : "groupadd --system " + name + " && useradd --system --gid " +
                                       name + " --create-home " + name;
  switch (account_tool(stage)) {
    case AccountTool::useradd:
      return "RUN " + shadow;
    case AccountTool::shadow_utils: {
      const auto base = base_of(stage);
      const auto* image = base ? facts::base_image(base->name, base->tag) : nullptr;
      const std::string_view managers = image ? image->package_manager : "";
      const std::string manager(managers.substr(0, managers.find('/')));
      if (!contains(package_managers, manager)) return std::nullopt;
      return "RUN " + manager + " install -y shadow-utils && " + shadow + " && " + manager +
             " clean all";
    }
    case AccountTool::adduser:
      return !id.empty() ? "RUN addgroup -g " + id + " " + name + " && adduser -D -u " + id +
                               " -G " + name + " " + name
                         : "RUN addgroup -S " + name + " && adduser -S -G " + name + " " + name;
    case AccountTool::unknown:
    case AccountTool::none:
    case AccountTool::net_user:
      return std::nullopt;
  }
  return std::nullopt;
}

// The last user of the lineage that is not root, as it is to be written in `stage`.
std::optional<OrdinaryUser> earlier_user(const Stage& stage) {
  for (const Stage& at : stage.lineage()) {
    const auto users = at.all<User>();
    for (auto user = users.rbegin(); user != users.rend(); ++user) {
      if (user->words().empty()) continue;
      const Word word = user->words().front();
      const Value value = word.value();
      if (!value.known || value.text.empty() || is_root(value.text)) continue;
      // An ARG of another stage is not known here.
      const std::string written = at == stage ? std::string(word.text()) : value.text;
      return OrdinaryUser{written, {}, "Go back to " + value.text};
    }
  }
  return std::nullopt;
}

// What the commands of a lineage do to accounts for certain, in order.
struct Changed {
  std::vector<std::string> made;  // and not removed again
  std::vector<std::string> removed;
};

Changed changed_accounts(const Stage& stage) {
  using Kind = shell::AccountChange::Kind;
  Changed changed;
  for (const Run& run : runs_of(stage)) {
    for (const Command& command : run.commands()) {
      if (command.conditional()) continue;
      for (const shell::AccountChange& change : Changes(command)) {
        if (!change.name || is_root(*change.name)) continue;
        // One with the number of root is root.
        if (change.kind == Kind::makes_user && change.uid != 0U)
          changed.made.push_back(*change.name);
        if (change.kind == Kind::removes_user) {
          std::erase(changed.made, *change.name);
          changed.removed.push_back(*change.name);
        }
      }
    }
  }
  return changed;
}

// What a new account cannot have: the names and numbers of users and groups that are there, be it perhaps.
struct Taken {
  std::set<std::string> names;
  std::set<std::uint32_t> numbers;
};

Taken taken_by_others(const Stage& stage) {
  Taken taken;
  if (const auto base = base_of(stage)) {
    for (const facts::ImageUser& user : facts::users_of(base->name, base->tag)) {
      taken.names.emplace(user.name);
      if (user.uid) taken.numbers.insert(*user.uid);
      if (user.gid) taken.numbers.insert(*user.gid);
    }
  }
  for (const Run& run : runs_of(stage)) {
    for (const Command& command : run.commands()) {
      for (const shell::AccountChange& change : Changes(command)) {
        if (change.name) taken.names.insert(*change.name);
        if (change.uid) taken.numbers.insert(*change.uid);
        if (change.gid) taken.numbers.insert(*change.gid);
      }
    }
  }
  return taken;
}

// Gives to `user`, by which the process is to run from now on, what it writes and root alone may.
OrdinaryUser with_paths(const Stage& stage, OrdinaryUser user) {
  using facts::AccountTool;
  const AccountTool tool = account_tool(stage);
  if (tool == AccountTool::none || tool == AccountTool::unknown || tool == AccountTool::net_user)
    return user;
  std::vector<RuntimePath> paths = runtime_paths(stage);
  std::erase_if(paths,
                [](const RuntimePath& path) { return path.access == RuntimePath::Access::others; });
  const std::string gift = give_to(paths, user.user);
  if (gift.empty()) return user;
  if (user.steps.empty()) {
    user.steps.push_back("RUN " + gift);
  } else {
    user.steps.back() += " && " + gift;
  }
  return user;
}

}  // namespace

std::optional<Base> base_of(const Stage& stage) {
  const From from = stage.lineage().back().from();
  if (!from.image_word() || !from.known()) return std::nullopt;
  const ImageReference image = from.image();
  if (image.repository.empty()) return std::nullopt;
  return Base{from, from.is_scratch() ? "scratch" : image.familiar_name(), image.tag};
}

namespace {

StepUser user_of_base(const Stage& stage) {
  using Kind = StepUser::Kind;
  const auto base = base_of(stage);
  if (!base) return {};
  const auto brought = facts::default_user(base->name, base->tag);
  const auto* image = facts::base_image(base->name, base->tag);
  const bool official = image != nullptr && image->publisher == facts::Publisher::official;
  const bool hint = brought.evidence == facts::Evidence::known &&
                    !(official && brought.kind == facts::DefaultUser::Kind::root);
  switch (brought.kind) {
    case facts::DefaultUser::Kind::unknown:
      return {};
    case facts::DefaultUser::Kind::root:
    case facts::DefaultUser::Kind::steps_down:
      return {Kind::root, std::string(brought.user), hint, {}};
    case facts::DefaultUser::Kind::non_root:
      return {Kind::other, std::string(brought.user), hint, {}};
  }
  return {};
}

}  // namespace

StepUser user_of_step(const Instruction& step) {
  const auto stage = step.stage();
  return stage ? StepUsers(*stage).of(step) : StepUser{};
}

StepUser StepUsers::of(const Instruction& step) {
  using Kind = StepUser::Kind;
  if (step.is_trigger()) return {};
  const EffectiveUser user = stage_.user_before(step.index());
  if (!user.set_by) {
    if (!of_base_) of_base_ = user_of_base(stage_);
    return *of_base_;
  }
  if (!user.value.known) return {};
  return {is_root(user.value.text) ? Kind::root : Kind::other, user.value.text, false, user.set_by};
}

std::vector<Edit> run_as_root(const Instruction& first, const Instruction& last) {
  const StepUser user = user_of_step(first);
  if (user.kind != StepUser::Kind::other || user.name.empty()) return {};
  std::string name = user.name;
  if (user.set_by && !user.set_by->words().empty()) {
    // As it is written there, with its variables, unless these have other values now.
    const std::string_view written = user.set_by->words()[0].text();
    if (last.expand(written).text == name) name = written;
  }
  return {insert_right_before(first, {"USER root"}), insert_after(last, {"USER " + name})};
}

std::string_view without_group(std::string_view user) {
  return user.substr(0, user.find(':'));
}

bool is_root(std::string_view user) {
  const std::string_view name = without_group(user);
  const bool zero = !name.empty() && name.find_first_not_of('0') == std::string_view::npos;
  return zero || name == "root" || equals_ignoring_case(name, "ContainerAdministrator");
}

namespace {

// "app" of ENTRYPOINT ["gosu", "app", "/app/server"]: who the process goes on as.
std::optional<std::string> steps_down_to(const EffectiveState& state) {
  std::optional<Instruction> start = state.entrypoint;
  if (!start) start = state.cmd;
  if (!start) return std::nullopt;
  const auto commands = start->commands();
  if (commands.empty()) return std::nullopt;
  const shell::Wrapped wrapped = commands.front().unwrapped();
  if (!wrapped.changes_user || !wrapped.user || is_root(*wrapped.user)) return std::nullopt;
  return wrapped.user;
}

}  // namespace

std::string account_of_process(const Stage& stage) {
  const EffectiveState state = stage.state();
  if (auto user = steps_down_to(state)) return *std::move(user);
  if (state.user) {
    return state.account.known && !is_root(state.account.text) ? state.account.text : "";
  }
  const auto base = base_of(stage);
  if (!base) return "";
  const auto brought = facts::default_user(base->name, base->tag);
  return brought.kind == facts::DefaultUser::Kind::non_root ? std::string(brought.user) : "";
}

namespace {

// What a package is called up to a version or the like; empty where that does not tell what it brings. openssh-server
// makes sshd, but nothing that an application would be called.
std::string_view stem_of(std::string_view package) {
  const bool is_hidden = has(package, "$") || has(package, "/") || package.starts_with('@') ||
                         package.ends_with(".deb") || package.ends_with(".rpm");
  return is_hidden ? "" : package.substr(0, package.find_first_of("-=:0123456789"));
}

}  // namespace

BroughtAccounts::BroughtAccounts(const Instruction& instruction) {
  if (instruction.is_trigger()) return;
  const Keyword kind = instruction.kind();
  if (kind == Keyword::add || kind == Keyword::copy) any = may_bring_passwd(instruction);
  if (kind != Keyword::run) return;
  const shell::Script& script = instruction.script();
  any = script.opaque || script.has_error;
  const auto commands = instruction.commands();
  for (std::uint32_t i = 0; i < commands.size(); ++i) {
    const Command& command = commands[i];
    const Changes changes(command);
    for (const shell::AccountChange& change : changes) {
      if (change.kind == shell::AccountChange::Kind::makes_user && change.name)
        made.emplace_back(*change.name, i);
    }
    any = any || may_bring_any(command, changes);
    if (any || !contains(package_managers, command.name())) continue;
    any = any_argument(command, [&](std::string_view text) {
      if (text.starts_with('-')) return false;
      packages.push_back(lower_case(text));
      return stem_of(packages.back()).empty();
    });
  }
  if (any) packages.clear();
}

AccountOrigins::AccountOrigins(const Stage& stage)
    : AccountOrigins(stage, [](const Stage& at) {
        std::vector<std::pair<std::uint32_t, BroughtAccounts>> brought;
        for (const Instruction& instruction : at.instructions())
          brought.emplace_back(instruction.index(), instruction);
        return brought;
      }) {}

void AccountOrigins::add(std::uint32_t instruction, const BroughtAccounts& brought) {
  for (const auto& [name, command] : brought.made)
    makers_.emplace(name, Maker{instruction, command});
  if (open_) return;
  if (brought.any) open_ = instruction;
  for (const std::string& package : brought.packages) {
    lines_.emplace_back(packages_.size(), instruction);
    packages_.append(package) += '\n';
    stems_.emplace(stem_of(package), instruction);
  }
}

std::optional<std::uint32_t> AccountOrigins::bringing_package(const std::string& name) const {
  const std::string account = lower_case(name);
  if (contains(of_packages, account))
    return lines_.empty() ? std::nullopt : std::optional(lines_.front().second);
  std::optional<std::uint32_t> first;
  const auto take = [&](std::uint32_t instruction) {
    first = std::min(first.value_or(instruction), instruction);
  };
  if (const std::size_t at = packages_.find(account); at != std::string::npos) {
    const auto line =
        std::ranges::upper_bound(lines_, at, {}, [](auto& each) { return each.first; });
    take(std::prev(line)->second);
  }
  constexpr std::size_t longest = 32;  // that a name may be
  for (std::size_t begin = 0; begin < account.size(); ++begin) {
    for (std::size_t size = 1; size <= std::min(longest, account.size() - begin); ++size) {
      const auto stem = stems_.find(account.substr(begin, size));
      if (stem != stems_.end()) take(stem->second);
    }
  }
  return first;
}

std::optional<std::uint32_t> AccountOrigins::first_available(const std::string& name) const {
  constexpr std::size_t most = 1000;
  if (const auto known = known_.find(name); known != known_.end()) return known->second;
  if (known_.size() == most) return 0;
  const auto found = [&]() -> std::optional<std::uint32_t> {
    if (!base_ || facts::find_user(base_->name, base_->tag, name)) return 0;
    // What services run as comes and goes between the versions of a distribution.
    const bool is_known = facts::knows_all_users(base_->name, base_->tag) &&
                          (base_->from.is_scratch() || !contains(of_packages, lower_case(name)));
    if (!is_known) return 0;
    std::optional<std::uint32_t> first = open_;
    const auto take = [&](std::optional<std::uint32_t> other) {
      if (other) first = std::min(first.value_or(*other), *other);
    };
    take(bringing_package(name));
    if (const auto made = makers_.find(name); made != makers_.end()) take(made->second.instruction);
    return first;
  }();
  known_.emplace(name, found);
  return found;
}

std::optional<Command> AccountOrigins::maker(const std::string& name) const {
  const auto found = makers_.find(name);
  if (found == makers_.end()) return std::nullopt;
  return Instruction(document_, found->second.instruction).commands()[found->second.command];
}

std::optional<Command> maker(const Stage& stage, std::string_view name) {
  return AccountOrigins(stage).maker(std::string(name));
}

std::optional<std::string> creation(const Stage& stage, std::string_view name) {
  return run_to_create(stage, std::string(name), {});
}

OrdinaryUser ordinary_user(const Stage& stage) {
  if (const auto user = earlier_user(stage)) return *user;
  const auto base = base_of(stage);
  if (base) {
    const auto user = facts::default_user(base->name, base->tag);
    const std::string name(user.user);
    if (user.kind == facts::DefaultUser::Kind::non_root && !is_root(name)) {
      return {name, {}, "Go back to " + name + ", the user of " + base->name};
    }
  }
  const Changed changed = changed_accounts(stage);
  if (!changed.made.empty()) {
    const std::string& name = changed.made.back();
    return with_paths(stage, {name, {}, "Run as " + name + ", which is made here"});
  }
  if (account_tool(stage) == facts::AccountTool::net_user) {
    return {"ContainerUser", {}, "Run as ContainerUser"};
  }
  if (base) {
    const auto own = facts::own_user(base->name, base->tag);
    if (own && !is_root(own->name) && !contains(changed.removed, own->name)) {
      const std::string name(own->name);
      return with_paths(stage, {name, {}, "Run as " + name + ", a user of " + base->name});
    }
  }
  const Taken taken = taken_by_others(stage);
  std::uint32_t number = 10001;
  while (taken.numbers.contains(number)) ++number;
  const std::string id = std::to_string(number);
  for (const std::string name : {"app", "appuser", "service"}) {
    const auto creation =
        taken.names.contains(name) ? std::nullopt : run_to_create(stage, name, id);
    if (!creation) continue;
    return with_paths(
        stage, {id + ":" + id, {*creation}, "Create the user " + name + " and run as it", true});
  }
  return unnamed_ordinary_user();
}

OrdinaryUser unnamed_ordinary_user() {
  const std::string number(unnamed_user);
  return {number + ":" + number, {}, "Run as " + number + ", a number without an account", true};
}

Edit run_as(const Stage& stage, const OrdinaryUser& user) {
  std::vector<std::string> lines = user.steps;
  lines.push_back("USER " + user.user);
  const Place place = start_place(stage);
  return place.before ? insert_before(place.instruction, lines)
                      : insert_after(place.instruction, lines);
}

}  // namespace bulkhead
