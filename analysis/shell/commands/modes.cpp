#include "analysis/shell/commands/modes.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace bulkhead::shell {
namespace {

constexpr bool has(std::string_view text, char c) {
  return text.find(c) != std::string_view::npos;
}

std::optional<std::uint16_t> octal(std::string_view text) {
  std::uint32_t value = 0;
  if (text.empty()) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint32_t>(c - '0');
    if (value > 07777) return std::nullopt;
  }
  return static_cast<std::uint16_t>(value);
}

// The letters of `text` from `at` on that are in `letters`; `at` moves behind them.
std::string_view take(std::string_view text, std::size_t& at, std::string_view letters) {
  const std::size_t begin = at;
  at = std::min(text.find_first_not_of(letters, at), text.size());
  return text.substr(begin, at - begin);
}

std::string without(std::string_view text, std::string_view letters) {
  std::string rest(text);
  std::erase_if(rest, [&](char c) { return has(letters, c); });
  return rest;
}

// One operation of a symbolic mode: "go" '+' "rw".
struct Operation {
  std::string_view who;
  char op = '+';
  std::string_view rights;

  bool concerns_others() const { return has(who, 'o') || has(who, 'a'); }
  bool opens() const { return concerns_others() && op != '-' && has(rights, 'w'); }
  bool copies() const { return rights.find_first_of("ugo") != std::string_view::npos; }
};

// clause[,clause]..., each [ugoa]*([-+=]rights)+
std::optional<std::vector<Operation>> operations(std::string_view text) {
  std::vector<Operation> all;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const std::string_view who = take(text, at, "ugoa");
    if (at == text.size() || !has("+-=", text[at])) return std::nullopt;
    while (at < text.size() && has("+-=", text[at])) {
      const char op = text[at++];
      all.push_back({who, op, take(text, at, "rwxXstugo")});
    }
    if (at < text.size() && text[at] != ',') return std::nullopt;
  }
  return all;
}

// The bits that `rights` mean for `who`; those that depend on what was before are left out.
std::uint16_t bits(std::string_view who, std::string_view rights) {
  const bool all = has(who, 'a');
  std::uint16_t found = 0;
  const auto add = [&](char right, std::uint16_t owner, std::uint16_t group, std::uint16_t others) {
    if (!has(rights, right)) return;
    if (all || has(who, 'u')) found |= owner;
    if (all || has(who, 'g')) found |= group;
    if (all || has(who, 'o')) found |= others;
  };
  add('r', 0400, 0040, 0004);
  add('w', 0200, 0020, 0002);
  add('x', 0100, 0010, 0001);
  add('s', 04000, 02000, 0);
  // The umask has no say in these two, and the sticky bit belongs to nobody.
  if (who.empty() && has(rights, 's')) found |= 06000;
  if (has(rights, 't')) found |= 01000;
  return found;
}

// The operations that do the same, but leave the right to write to the owner.
std::vector<std::string> tightened(const Operation& operation) {
  const auto& [who, op, rights] = operation;
  const auto text = [](std::string_view users, char sign, std::string_view what) {
    return std::string(users) + sign + std::string(what);
  };
  if (!operation.opens()) return {text(who, op, rights)};
  std::vector<std::string> all;
  const std::string fewer = without(rights, "w");
  if (!fewer.empty() || op == '=') all.push_back(text(who, op, fewer));
  if (has(who, 'a') || has(who, 'u')) all.push_back("u+w");
  return all;
}

// The same without setuid and setgid bits, in octal...
std::string without_set_id(std::string_view octal_text) {
  std::string text(octal_text);
  if (text.size() < 4) return text;
  const std::size_t special = text.size() - 4;
  const bool is_sticky = ((text[special] - '0') & 1) != 0;
  text.replace(special, 1, is_sticky ? "1" : "");
  return text;
}

// ... and in symbols.
std::string without_set_id(std::span<const Operation> operations) {
  std::string text;
  for (const Operation& operation : operations) {
    const bool sets = operation.op != '-' && has(operation.rights, 's');
    const std::string rights =
        sets ? without(operation.rights, "s") : std::string(operation.rights);
    if (sets && rights.empty() && operation.op == '+') continue;
    if (!text.empty()) text += ',';
    text += std::string(operation.who) + operation.op + rights;
  }
  return text;
}

}  // namespace

std::optional<Mode> parse_mode(std::string_view text) {
  Mode mode;
  mode.tightened_ = text;
  if (const auto value = octal(text)) {
    mode.given_ = *value;
    mode.taken_ = static_cast<std::uint16_t>(07777 & ~*value);
    mode.without_set_id_ = without_set_id(text);
    if (mode.world_writable() && !mode.sticky()) {
      // The last two digits are those of group and others.
      for (std::size_t i = text.size() - std::min<std::size_t>(text.size(), 2); i < text.size();
           ++i) {
        mode.tightened_[i] = static_cast<char>('0' + ((text[i] - '0') & ~2));
      }
    }
    return mode;
  }
  const auto all = operations(text);
  if (!all) return std::nullopt;
  mode.without_set_id_ = without_set_id(*all);
  std::vector<std::string> tight;
  for (const Operation& operation : *all) {
    const auto& [who, op, rights] = operation;
    const std::uint16_t concerned = bits(who, rights);
    const std::uint16_t cleared = op == '='
                                      ? static_cast<std::uint16_t>(bits(who, "rwxs") & ~concerned)
                                  : op == '-' ? concerned
                                              : std::uint16_t{0};
    const std::uint16_t set = op == '-' ? std::uint16_t{0} : concerned;
    mode.given_ = static_cast<std::uint16_t>((mode.given_ & ~cleared) | set);
    mode.taken_ = static_cast<std::uint16_t>((mode.taken_ & ~set) | cleared);
    if (operation.copies() && op != '-') {
      // `o=u`: it depends on what the owner has.
      mode.taken_ = static_cast<std::uint16_t>(mode.taken_ & ~bits(who, "rwx"));
      if (has(rights, 'u')) mode.as_owner_ |= bits(who, "rwx");
    }
    std::ranges::move(tightened(operation), std::back_inserter(tight));
  }
  if (!mode.world_writable() || mode.sticky()) return mode;
  // Of `o+w` nothing is left, and a mode may not be empty.
  if (tight.empty()) tight.push_back(without((*all)[0].who, "u") + "-w");
  mode.tightened_.clear();
  for (const std::string& part : tight)
    mode.tightened_ += (mode.tightened_.empty() ? "" : ",") + part;
  return mode;
}

std::optional<Mode> parse_mask(std::string_view text) {
  const auto mask = octal(text);
  if (!mask) return parse_mode(text);
  Mode mode;
  mode.taken_ = *mask;
  mode.given_ = static_cast<std::uint16_t>(0777 & ~*mask);
  mode.tightened_ = mode.world_writable() ? "022" : text;
  return mode;
}

namespace {

using Arguments = std::span<const Argument>;

// chmod [OPTION]... MODE FILE...: "-w" and "-rwx" are modes.
std::optional<ModeChange> of_chmod(Arguments arguments) {
  std::optional<ModeChange> change;
  bool is_recursive = false;
  bool is_end = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view text =
        arguments[i] ? std::string_view(*arguments[i]) : std::string_view();
    const bool is_option = !is_end && text.size() > 1 && text[0] == '-' &&
                           (text[1] == '-' || text.find_first_not_of("RcfvhHLP", 1) == text.npos);
    if (is_option) {
      if (text.starts_with("--reference")) return std::nullopt;
      is_end = text == "--";
      is_recursive = is_recursive || text == "--recursive" || (text[1] != '-' && has(text, 'R'));
    } else if (change) {
      change->paths.push_back(i);
    } else if (arguments[i]) {
      change = ModeChange{.text = *arguments[i], .argument = i};
    } else {
      return std::nullopt;
    }
  }
  if (change) change->recursive = is_recursive;
  return change;
}

std::optional<ModeChange> of_option(const CommandLine& line) {
  const GivenOption* mode = line.find("mode");
  if (mode == nullptr || !mode->value) return std::nullopt;
  return ModeChange{.text = *mode->value,
                    .argument = mode->argument,
                    .offset = mode->offset,
                    .paths = line.operands};
}

std::optional<ModeChange> of_mkdir(Arguments arguments) {
  constexpr std::array options = {Option{"mode", 'm', true}, Option{"context"}};
  return of_option(read_options(arguments, options));
}

std::optional<ModeChange> of_mknod(Arguments arguments) {
  constexpr std::array options = {Option{"mode", 'm', true}, Option{"context"}};
  auto change = of_option(read_options(arguments, options));
  // NAME TYPE [MAJOR MINOR]
  if (change && change->paths.size() > 1) change->paths.resize(1);
  return change;
}

std::optional<ModeChange> of_install(Arguments arguments) {
  constexpr std::array options = {Option{"mode", 'm', true},  Option{"owner", 'o', true},
                                  Option{"group", 'g', true}, Option{"suffix", 'S', true},
                                  Option{"directory", 'd'},   Option{"target-directory", 't', true},
                                  Option{"context"},          Option{"strip-program", 0, true}};
  const CommandLine line = read_options(arguments, options);
  auto change = of_option(line);
  if (!change || line.has("directory")) return change;
  // What is copied from stays as it is.
  if (const GivenOption* target = line.find("target-directory")) {
    change->paths = {target->argument};
  } else if (!change->paths.empty()) {
    change->paths = {change->paths.back()};
  }
  return change;
}

std::optional<ModeChange> of_umask(Arguments arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i]) return std::nullopt;
    if (!arguments[i]->starts_with('-')) {
      return ModeChange{.text = *arguments[i], .argument = i, .is_mask = true};
    }
  }
  return std::nullopt;
}

struct Program {
  std::string_view name;
  std::optional<ModeChange> (*read)(Arguments);
};
constexpr std::array programs = {
    Program{"chmod", of_chmod},  Program{"install", of_install}, Program{"mkdir", of_mkdir},
    Program{"mkfifo", of_mkdir}, Program{"mknod", of_mknod},     Program{"umask", of_umask},
};

}  // namespace

std::optional<ModeChange> mode_change(std::string_view program,
                                      std::span<const Argument> arguments) {
  const auto* found = std::ranges::find(programs, program, &Program::name);
  if (found != programs.end()) return found->read(arguments);
  if (program != "find" && program != "xargs") return std::nullopt;

  const auto inner = std::ranges::find(arguments, Argument("chmod"));
  if (inner == arguments.end()) return std::nullopt;
  const auto first = static_cast<std::size_t>(inner - arguments.begin()) + 1;
  auto change = of_chmod(arguments.subspan(first));
  if (!change) return change;
  change->argument += first;
  change->paths.clear();
  if (program == "find") {
    // The folders it begins at stand in front of its expression.
    const auto is_expression = [](const Argument& argument) {
      return argument && (argument->starts_with('-') || *argument == "(" || *argument == "!");
    };
    for (std::size_t i = 0; i < first && !is_expression(arguments[i]); ++i)
      change->paths.push_back(i);
    change->recursive = true;
  }
  return change;
}

}  // namespace bulkhead::shell
