#include "analysis/shell/commands/packages.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <ranges>
#include <utility>

#include "analysis/shell/commands/package_managers.h"
#include "analysis/text/ascii.h"

namespace bulkhead::shell {
namespace {

using Action = PackageCall::Action;
using Kind = Package::Kind;
using Operands = PackageSubcommand::Operands;
using Pin = Package::Pin;
using Role = PackageOptionRole;
using Setting = PackageCall::Setting;

bool is_false(std::string_view value) {
  constexpr std::string_view all[] = {"0", "false", "no", "off"};
  return std::ranges::any_of(all, [&](auto word) { return equals_ignoring_case(value, word); });
}

// KEY=VALUE
std::pair<std::string, std::string_view> key_and_value(std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  return {lower_case(text.substr(0, equals)), text.substr(std::min(equals + 1, text.size()))};
}

// apt.conf(5)
std::optional<Setting> apt_setting(std::string_view text) {
  if (text.starts_with('=')) text.remove_prefix(1);
  const auto [key, value] = key_and_value(text);
  const bool on = !is_false(value);
  if (key == "apt::get::assume-yes" && on) return Setting::assume_yes;
  if (key == "apt::install-recommends" && !on) return Setting::no_extras;
  constexpr std::string_view insecure[] = {
      "apt::get::allowunauthenticated", "apt::get::force-yes", "acquire::allowinsecurerepositories",
      "acquire::allowdowngradetoinsecurerepositories", "acquire::allowweakrepositories"};
  if (on && std::ranges::find(insecure, key) != std::end(insecure)) return Setting::unverified;
  const bool checks = key.starts_with("acquire::https::") &&
                      (key.ends_with("verify-peer") || key.ends_with("verify-host"));
  if (checks && !on) return Setting::unverified;
  return std::nullopt;
}

// dnf.conf(5); `repository.key` as well
std::optional<Setting> dnf_setting(std::string_view text) {
  auto [key, value] = key_and_value(text);
  key.erase(0, key.rfind('.') + 1);
  if (key == "install_weak_deps" && is_false(value)) return Setting::no_extras;
  if (key == "tsflags" && value.find("nodocs") != value.npos) return Setting::no_extras;
  if ((key == "gpgcheck" || key == "pkg_gpgcheck" || key == "repo_gpgcheck" ||
       key == "sslverify") &&
      is_false(value)) {
    return Setting::unverified;
  }
  return std::nullopt;
}

std::vector<Option> read_table(const PackageOptions& options) {
  std::vector<Option> rows;
  for (const PackageOption& option : options.rows) rows.push_back(option.option);
  return all_options(rows, options.flags, options.valued);
}

// Those of a table in package_managers().
const std::vector<Option>& known_options(const PackageOptions& options) {
  static const auto tables = [] {
    std::map<const PackageOptions*, std::vector<Option>> all;
    const auto add = [&](const PackageOptions* table) {
      if (table != nullptr && !all.contains(table)) all.emplace(table, read_table(*table));
    };
    for (const PackageManager& manager : package_managers()) {
      add(&manager.options);
      for (const PackageSubcommand& subcommand : manager.subcommands) add(subcommand.options);
    }
    return all;
  }();
  return tables.at(&options);
}

// Reads one call; indexes are those of `arguments`.
class CallReader {
 public:
  CallReader(const PackageManager& manager, std::span<const Argument> arguments)
      : manager_(manager), arguments_(arguments) {
    call_.manager = manager.name;
    if (manager.ends_at_dashes) {
      const auto end = std::ranges::find(arguments, Argument("--"));
      arguments_ = arguments.first(static_cast<std::size_t>(end - arguments.begin()));
    }
    if (!manager.one_dash) return;
    two_dashes_.assign(arguments_.begin(), arguments_.end());
    arguments_ = two_dashes_;
    for (Argument& argument : two_dashes_) {
      if (argument && argument->size() > 1 && argument->starts_with('-') &&
          !argument->starts_with("--")) {
        argument->insert(0, 1, '-');
      }
    }
  }

  std::optional<PackageCall> read() {
    read_line(manager_.options);
    const PackageSubcommand* subcommand = find_subcommand();
    if (subcommand != nullptr && subcommand->options != nullptr) {
      read_line(*subcommand->options);
      subcommand = find_subcommand();
    }
    if (subcommand == nullptr && !manager_.subcommands.empty()) return std::nullopt;
    if (subcommand != nullptr) {
      action_ = subcommand->action;
      if (subcommand->implies) {
        call_.settings.push_back({*subcommand->implies, {}, call_.subcommand, 0});
      }
    }
    for (const GivenOption& given : line_.options) read_option(given);
    if (is_question_ || !action_) return std::nullopt;

    const Operands operands = subcommand != nullptr ? subcommand->operands : Operands::packages;
    if (operands != Operands::none && !has_source_) {
      for (std::size_t i = first_operand_; i < line_.operands.size(); ++i) {
        add_operand(line_.operands[i], operands);
        if (operands == Operands::first) break;
      }
    }
    if (*action_ == Action::clean) call_.packages.clear();
    finish();
    return std::move(call_);
  }

 private:
  void read_line(const PackageOptions& options) {
    options_ = options.rows;
    line_ = read_options(arguments_, known_options(options));
  }

  // It may be the value of the option in front of it.
  bool is_doubtful(std::size_t argument) const {
    return argument > 0 && std::ranges::binary_search(line_.unknown, argument - 1) &&
           arguments_[argument - 1]->find('=') == std::string::npos;
  }

  // The row whose words the operands begin with, the longest one.
  const PackageSubcommand* find_subcommand() {
    std::size_t first = 0;
    for (; first < line_.operands.size(); ++first) {
      const std::size_t at = line_.operands[first];
      const PackageSubcommand* found = nullptr;
      for (const PackageSubcommand& subcommand : manager_.subcommands) {
        const std::size_t words = count_matching(subcommand.words, first);
        if (words == 0 || (found != nullptr && found->words.size() > subcommand.words.size()))
          continue;
        found = &subcommand;
        first_operand_ = first + words;
        call_.subcommand = at;
      }
      if (found != nullptr) return found;
      // `cargo +nightly install`
      const bool is_toolchain = arguments_[at] && arguments_[at]->starts_with('+');
      if (!is_toolchain && !is_doubtful(at)) break;
    }
    first_operand_ = 0;
    const auto bare = std::ranges::find(manager_.subcommands, "", &PackageSubcommand::words);
    if (bare == manager_.subcommands.end()) return nullptr;
    return bare->operands == Operands::none && !line_.operands.empty() ? nullptr : &*bare;
  }

  // How many operands from `first` on the words are; 0 where they are others.
  std::size_t count_matching(std::string_view words, std::size_t first) const {
    std::size_t count = 0;
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find(' '));
      if (first + count == line_.operands.size() ||
          arguments_[line_.operands[first + count]] != word) {
        return 0;
      }
      ++count;
      words.remove_prefix(std::min(word.size() + 1, words.size()));
    }
    return count;
  }

  void read_option(const GivenOption& given) {
    const auto known = std::ranges::find(
        options_, given.name, [](const PackageOption& option) { return option.option.name; });
    if (known == options_.end()) return;
    const auto add = [&](Setting setting) {
      call_.settings.push_back({setting, known->option.takes_value ? given.value : std::nullopt,
                                given.argument, offset_in(given)});
    };
    const bool is_off = !known->option.takes_value && given.value && is_false(*given.value);
    if (const auto* setting = std::get_if<Setting>(&known->meaning)) {
      if (!is_off) add(*setting);
    } else if (const auto* action = std::get_if<Action>(&known->meaning)) {
      act(*action, given.argument);
    } else if (const auto* role = std::get_if<Role>(&known->meaning)) {
      play(*role, given, is_off, add);
    }
  }

  // The first says what is done; the next may say that only a part of it is.
  void act(Action action, std::size_t argument) {
    const bool is_part = action == Action::download || action == Action::clean;
    if (!action_ || (manager_.subcommands.empty() && !is_part && !is_named_)) {
      if (!action_) call_.subcommand = argument;
      action_ = action;
      is_named_ = true;
    } else if (is_part && (*action_ == Action::install || *action_ == Action::upgrade)) {
      action_ = action;
    } else if (!manager_.subcommands.empty() && !is_part) {
      // `emerge --sync`: an option in place of the subcommand.
      action_ = action;
      call_.subcommand = argument;
    }
  }

  template <class Add>
  void play(Role role, const GivenOption& given, bool is_off, const Add& add) {
    switch (role) {
      case Role::list:
        add_package(given.value, given.argument, offset_in(given), Kind::list);
        break;
      case Role::package:
        add_package(given.value, given.argument, offset_in(given), Kind::name);
        break;
      case Role::source:
        has_source_ = true;
        add_package(given.value, given.argument, offset_in(given), Kind::url);
        break;
      case Role::commit:
        is_commit_ = true;
        break;
      case Role::version:
        version_ = &given;
        // `gem --version`
        if (!given.value && line_.operands.empty()) is_question_ = true;
        break;
      case Role::check:
        if (is_off) add(Setting::unverified);
        break;
      case Role::question:
        is_question_ = true;
        break;
      case Role::apt_setting:
        if (const auto setting = apt_setting(given.value.value_or(""))) add(*setting);
        break;
      case Role::dnf_setting:
        if (const auto setting = dnf_setting(given.value.value_or(""))) add(*setting);
        break;
      case Role::apt_quiet: {
        const std::string& text = *arguments_[given.argument];
        const bool is_second = std::exchange(is_quiet_, true) || text == "-q=2" ||
                               given.value == "2" || text == "--quiet=2";
        if (is_second && !call_.has(Setting::assume_yes)) add(Setting::assume_yes);
        break;
      }
      case Role::search_or_recursive:
        if (action_ == Action::remove) {
          add(Setting::unneeded);
        } else {
          is_question_ = true;
        }
        break;
    }
  }

  std::size_t offset_in(const GivenOption& given) const {
    return manager_.one_dash && given.offset > 0 ? given.offset - 1 : given.offset;
  }

  void add_operand(std::size_t argument, Operands operands) {
    const Argument& text = arguments_[argument];
    if (is_doubtful(argument)) return add_package({}, argument, 0, Kind::unknown);
    if (manager_.version_follows && text && !text->empty() && !call_.packages.empty() &&
        (is_digit(text->front()) ||
         std::string_view("^~<>=*").find(text->front()) != std::string_view::npos)) {
      set_version(call_.packages.back(), *text);
      return;
    }
    add_package(text, argument, 0,
                operands == Operands::groups    ? Kind::group
                : operands == Operands::sources ? Kind::url
                                                : Kind::name);
  }

  void add_package(const Argument& text, std::size_t argument, std::size_t offset, Kind kind) {
    Package package{.kind = kind, .argument = argument, .offset = offset};
    if (!text) {
      package.kind = Kind::unknown;
    } else {
      // `apt-get install vim-` removes it; `apk add !vim` keeps it out.
      if (text->empty() || (kind == Kind::name && (text->ends_with('-') || text->starts_with('!'))))
        return;
      package.name = *text;
      if (kind == Kind::name) manager_.split(package);
    }
    call_.packages.push_back(std::move(package));
  }

  static void set_version(Package& package, std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of("= "), text.size());
    package.version = text.substr(begin);
    const bool is_exact = !package.version.empty() &&
                          (is_digit(package.version[0]) || package.version[0] == 'v') &&
                          package.version.find_first_of("*,xX") == std::string::npos;
    package.pin = is_exact ? Pin::exact : Pin::range;
  }

  void finish() {
    for (Package& package : call_.packages) {
      if (version_ != nullptr && package.kind == Kind::name && package.version.empty()) {
        set_version(package, version_->value.value_or(""));
      }
      if (is_commit_ && package.kind == Kind::url) package.pin = Pin::exact;
    }
    // pacman -Sy, -Syu
    if (manager_.subcommands.empty() && *action_ == Action::install && call_.packages.empty()) {
      if (call_.has(Setting::update_index)) action_ = Action::update_index;
      if (call_.has(Setting::upgrade)) action_ = Action::upgrade;
    }
    call_.action = *action_;
  }

  const PackageManager& manager_;
  std::span<const Argument> arguments_;
  std::vector<Argument> two_dashes_;  // the arguments of a program whose long options have one
  std::span<const PackageOption> options_;
  CommandLine line_;
  std::size_t first_operand_ = 0;  // behind the subcommand, in line_.operands
  std::optional<Action> action_;
  bool is_named_ = false;  // an option has said what is done
  bool is_question_ = false;
  bool is_quiet_ = false;
  bool has_source_ = false;
  bool is_commit_ = false;
  const GivenOption* version_ = nullptr;
  PackageCall call_;
};

std::optional<PackageCall> behind(std::size_t first, std::string_view program,
                                  std::span<const Argument> arguments) {
  auto call = package_call(program.substr(program.rfind('/') + 1), arguments.subspan(first));
  if (!call) return call;
  call->subcommand += first;
  for (Package& package : call->packages) package.argument += first;
  for (PackageCall::Given& given : call->settings) given.argument += first;
  return call;
}

}  // namespace

const PackageCall::Given* PackageCall::find(Setting setting) const {
  const auto reversed = settings | std::views::reverse;
  const auto found = std::ranges::find(reversed, setting, &Given::setting);
  return found == reversed.end() ? nullptr : &*found;
}

std::optional<PackageCall> package_call(std::string_view program,
                                        std::span<const Argument> arguments) {
  if (program == "xargs") {
    const std::size_t at = first_operand(arguments, "adEILnPs");
    if (at == arguments.size() || !arguments[at] || arguments[at] == "xargs") return std::nullopt;
    auto call = behind(at + 1, *arguments[at], arguments);
    if (call) call->packages.push_back({.kind = Kind::unknown, .argument = at});
    return call;
  }
  if (program.starts_with("python")) {
    const std::size_t at = first_operand(arguments, "WX");
    if (at == 0 || at == arguments.size() || arguments[at - 1] != "-m") return std::nullopt;
    constexpr std::string_view modules[] = {"pip", "pipx", "poetry", "pipenv", "uv", "conda"};
    if (std::ranges::find(modules, arguments[at].value_or("")) == std::end(modules))
      return std::nullopt;
    return behind(at + 1, *arguments[at], arguments);
  }
  const PackageManager* manager = find_package_manager(program);
  return manager != nullptr ? CallReader(*manager, arguments).read() : std::nullopt;
}

}  // namespace bulkhead::shell
