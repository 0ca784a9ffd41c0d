#include "analysis/shell/commands/users.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace bulkhead::shell {
namespace {

using Kind = AccountChange::Kind;
using Arguments = std::span<const Argument>;
using Changes = std::vector<AccountChange>;

// ---- The options of each program. Those with the same meaning have the same name throughout.

// shadow-utils 4.17, useradd(8)
constexpr std::array useradd_options = {
    Option{"base-dir", 'b', true},
    Option{"comment", 'c', true},
    Option{"home", 'd', true},
    Option{"home-dir", 0, true},
    Option{"defaults", 'D'},
    Option{"expiredate", 'e', true},
    Option{"inactive", 'f', true},
    Option{"gid", 'g', true},
    Option{"groups", 'G', true},
    Option{"skel", 'k', true},
    Option{"key", 'K', true},
    Option{"no-log-init", 'l'},
    Option{"create-home", 'm'},
    Option{"no-create-home", 'M'},
    Option{"no-user-group", 'N'},
    Option{"non-unique", 'o'},
    Option{"password", 'p', true},
    Option{"system", 'r'},
    Option{"root", 'R', true},
    Option{"prefix", 'P', true},
    Option{"shell", 's', true},
    Option{"uid", 'u', true},
    Option{"user-group", 'U'},
    Option{"selinux-user", 'Z', true},
    Option{"add-subids-for-system", 'F'},
};
// usermod(8)
constexpr std::array usermod_options = {
    Option{"append", 'a'},
    Option{"comment", 'c', true},
    Option{"home", 'd', true},
    Option{"expiredate", 'e', true},
    Option{"inactive", 'f', true},
    Option{"gid", 'g', true},
    Option{"groups", 'G', true},
    Option{"login", 'l', true},
    Option{"lock", 'L'},
    Option{"move-home", 'm'},
    Option{"non-unique", 'o'},
    Option{"password", 'p', true},
    Option{"remove", 'r'},
    Option{"root", 'R', true},
    Option{"prefix", 'P', true},
    Option{"shell", 's', true},
    Option{"uid", 'u', true},
    Option{"unlock", 'U'},
    Option{"add-subuids", 'v', true},
    Option{"del-subuids", 'V', true},
    Option{"add-subgids", 'w', true},
    Option{"del-subgids", 'W', true},
    Option{"selinux-user", 'Z', true},
};
// groupadd(8), groupmod(8)
constexpr std::array groupadd_options = {
    Option{"force", 'f'},          Option{"gid", 'g', true},  Option{"key", 'K', true},
    Option{"new-name", 'n', true}, Option{"non-unique", 'o'}, Option{"password", 'p', true},
    Option{"system", 'r'},         Option{"root", 'R', true}, Option{"prefix", 'P', true},
    Option{"users", 'U', true},
};
// userdel(8), groupdel(8)
constexpr std::array userdel_options = {
    Option{"force", 'f'},        Option{"remove", 'r'},       Option{"root", 'R', true},
    Option{"prefix", 'P', true}, Option{"selinux-user", 'Z'},
};
// gpasswd(1)
constexpr std::array gpasswd_options = {
    Option{"add", 'a', true},     Option{"delete", 'd', true},
    Option{"members", 'M', true}, Option{"administrators", 'A', true},
    Option{"root", 'Q', true},    Option{"remove-password", 'r'},
    Option{"restrict", 'R'},
};
// passwd(1)
constexpr std::array passwd_options = {
    Option{"delete", 'd'},
    Option{"lock", 'l'},
    Option{"unlock", 'u'},
    Option{"expire", 'e'},
    Option{"stdin"},
    Option{"inactive", 'i', true},
    Option{"mindays", 'n', true},
    Option{"maxdays", 'x', true},
    Option{"warndays", 'w', true},
    Option{"root", 'R', true},
    Option{"status", 'S'},
};
// adduser(8) and addgroup(8) of Debian, which know long options only, and those of busybox 1.37, whose
// long ones are among them.
constexpr std::array adduser_options = {
    Option{"home", 'h', true},
    Option{"gecos", 'g', true},
    Option{"shell", 's', true},
    Option{"ingroup", 'G', true},
    Option{"system", 'S'},
    Option{"disabled-password", 'D'},
    Option{"no-create-home", 'H'},
    Option{"uid", 'u', true},
    Option{"skel", 'k', true},
    Option{"empty-password"},
    Option{"disabled-login"},
    Option{"comment", 0, true},
    Option{"gid", 0, true},
    Option{"group"},
    Option{"conf", 0, true},
    Option{"firstuid", 0, true},
    Option{"lastuid", 0, true},
    Option{"firstgid", 0, true},
    Option{"lastgid", 0, true},
    Option{"quiet", 'q'},
    Option{"debug"},
    Option{"force-badname"},
    Option{"allow-bad-names"},
    Option{"allow-badname"},
    Option{"add_extra_groups"},
    Option{"add-extra-groups"},
    Option{"encrypt-home"},
    Option{"allow-all-names"},
    Option{"verbose"},
};
constexpr std::array addgroup_options = {
    Option{"gid", 'g', true},
    Option{"system", 'S'},
    Option{"conf", 0, true},
    Option{"firstgid", 0, true},
    Option{"lastgid", 0, true},
    Option{"quiet", 'q'},
    Option{"debug"},
    Option{"force-badname"},
    Option{"allow-bad-names"},
    Option{"allow-badname"},
    Option{"group"},
    Option{"allow-all-names"},
    Option{"verbose"},
};
constexpr std::array deluser_options = {
    Option{"remove-home"},
    Option{"remove-all-files"},
    Option{"backup"},
    Option{"backup-to", 0, true},
    Option{"backup-suffix", 0, true},
    Option{"system"},
    Option{"only-if-empty"},
    Option{"group"},
    Option{"quiet", 'q'},
    Option{"conf", 0, true},
    Option{"force"},
    Option{"debug"},
};

std::optional<std::uint32_t> number(const Argument& text) {
  std::uint32_t value = 0;
  if (!text || text->empty()) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return value;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::vector<std::string> names_in(const Argument& list) {
  std::vector<std::string> names = list ? split(*list, ',') : std::vector<std::string>();
  std::erase(names, "");
  return names;
}

// The operand that names the account, always the last one but where two are given; nothing without, and
// where the account is one of the system in another folder (--root).
struct Named {
  Argument name;
  std::size_t at = 0;
};
std::optional<Named> last_operand(Arguments arguments, const CommandLine& line) {
  if (line.operands.empty() || line.has("root") || line.has("prefix")) return std::nullopt;
  const std::size_t at = line.operands.back();
  return Named{arguments[at], at};
}

// The membership that `adduser USER GROUP` and its like are about; nothing for other operands.
std::optional<AccountChange> membership(Arguments arguments, const CommandLine& line, Kind kind) {
  if (line.operands.size() != 2) return std::nullopt;
  AccountChange change{.kind = kind, .name = arguments[line.operands[0]], .at = line.operands[0]};
  change.group = arguments[line.operands[1]];
  return change;
}

void add_memberships(const AccountChange& user, Changes& changes) {
  for (const std::string& group : user.groups) {
    changes.push_back(
        {.kind = Kind::joins_group, .name = user.name, .at = user.at, .group = group});
  }
}

// The group that a user gets for itself.
AccountChange own_group(const AccountChange& user) {
  return {.kind = Kind::makes_group,
          .name = user.name,
          .at = user.at,
          .system = user.system,
          .implied = true};
}

// What -p of useradd and usermod does to the password of `user`.
void add_password(const CommandLine& line, const AccountChange& user, Changes& changes) {
  const GivenOption* password = line.find("password");
  if (password == nullptr) return;
  const bool is_empty = password->value && password->value->empty();
  changes.push_back({.kind = is_empty ? Kind::clears_password : Kind::sets_password,
                     .name = user.name,
                     .at = is_empty ? password->argument : user.at});
}

// ---- shadow

Changes of_useradd(Arguments arguments) {
  const CommandLine line = read_options(arguments, useradd_options);
  const auto named = last_operand(arguments, line);
  if (!named || line.has("defaults")) return {};
  AccountChange user{.kind = Kind::makes_user, .name = named->name, .at = named->at};
  user.uid = number(line.value("uid"));
  user.group = line.value("gid");
  user.groups = names_in(line.value("groups"));
  user.home = line.has("home") ? line.value("home") : line.value("home-dir");
  user.shell = line.value("shell");
  user.system = line.has("system");
  Changes changes;
  if (line.has("user-group") || (!line.has("gid") && !line.has("no-user-group"))) {
    changes.push_back(own_group(user));
    user.group = user.name;
  }
  changes.push_back(user);
  add_memberships(user, changes);
  add_password(line, user, changes);
  return changes;
}

Changes of_usermod(Arguments arguments) {
  const CommandLine line = read_options(arguments, usermod_options);
  const auto named = last_operand(arguments, line);
  if (!named) return {};
  AccountChange user{.kind = Kind::changes_user, .name = named->name, .at = named->at};
  user.uid = number(line.value("uid"));
  user.group = line.value("gid");
  user.groups = names_in(line.value("groups"));
  user.home = line.value("home");
  user.shell = line.value("shell");
  Changes changes;
  if (const GivenOption* login = line.find("login")) {
    changes.push_back({.kind = Kind::removes_user, .name = user.name, .at = user.at});
    user.kind = Kind::makes_user;
    user.name = login->value;
    user.at = login->argument;
  }
  changes.push_back(user);
  if (!line.has("remove")) add_memberships(user, changes);
  add_password(line, user, changes);
  if (line.has("lock")) {
    changes.push_back({.kind = Kind::locks_password, .name = user.name, .at = user.at});
  }
  return changes;
}

Changes of_groupadd(Arguments arguments) {
  const CommandLine line = read_options(arguments, groupadd_options);
  const auto named = last_operand(arguments, line);
  if (!named) return {};
  AccountChange group{.kind = Kind::makes_group, .name = named->name, .at = named->at};
  group.gid = number(line.value("gid"));
  group.system = line.has("system");
  Changes changes{group};
  for (const std::string& user : names_in(line.value("users"))) {
    changes.push_back(
        {.kind = Kind::joins_group, .name = user, .at = group.at, .group = group.name});
  }
  return changes;
}

Changes of_groupmod(Arguments arguments) {
  const CommandLine line = read_options(arguments, groupadd_options);
  const auto named = last_operand(arguments, line);
  const GivenOption* name = line.find("new-name");
  if (!named) return {};
  AccountChange group{.kind = Kind::changes_group, .name = named->name, .at = named->at};
  group.gid = number(line.value("gid"));
  if (name == nullptr) return {group};
  group.kind = Kind::makes_group;
  group.name = name->value;
  group.at = name->argument;
  return {{.kind = Kind::removes_group, .name = named->name, .at = named->at}, group};
}

Changes removal(Arguments arguments, const CommandLine& line, Kind kind) {
  const auto named = last_operand(arguments, line);
  if (!named) return {};
  return {{.kind = kind, .name = named->name, .at = named->at}};
}

Changes of_userdel(Arguments arguments) {
  return removal(arguments, read_options(arguments, userdel_options), Kind::removes_user);
}

Changes of_groupdel(Arguments arguments) {
  return removal(arguments, read_options(arguments, userdel_options), Kind::removes_group);
}

Changes of_gpasswd(Arguments arguments) {
  const CommandLine line = read_options(arguments, gpasswd_options);
  const auto named = last_operand(arguments, line);
  if (!named) return {};
  Changes changes;
  for (const std::string_view option : {"add", "members"}) {
    for (const std::string& user : names_in(line.value(option))) {
      changes.push_back(
          {.kind = Kind::joins_group, .name = user, .at = named->at, .group = named->name});
    }
  }
  return changes;
}

Changes of_passwd(Arguments arguments) {
  const CommandLine line = read_options(arguments, passwd_options);
  const auto named = last_operand(arguments, line);
  if (!named || line.has("status") || line.has("expire")) return {};
  const Kind kind = line.has("lock")     ? Kind::locks_password
                    : line.has("unlock") ? Kind::unlocks_password
                    : line.has("delete") ? Kind::clears_password
                                         : Kind::sets_password;
  return {{.kind = kind, .name = named->name, .at = named->at}};
}

// ---- adduser and addgroup

// Red Hat's adduser is useradd. Its options tell: Debian's has no letters, and of those that busybox's
// has, only -g (a comment there, a group here) and -G (the main group there, further ones here) leave a
// doubt; a number for -g is no comment.
bool is_useradd(Arguments arguments) {
  const auto knows = [](std::span<const Option> options, std::string_view name) {
    return std::ranges::find(options, name, &Option::name) != options.end();
  };
  bool is_useradd = false;
  for (const Argument& argument : arguments) {
    const std::string_view text = argument ? std::string_view(*argument) : std::string_view();
    if (text.starts_with("--")) {
      const std::string_view name = text.substr(2, std::min(text.find('='), text.size()) - 2);
      if (knows(useradd_options, name) && !knows(adduser_options, name)) is_useradd = true;
    } else if (text.starts_with('-')) {
      for (const char letter : text.substr(1)) {
        if (std::string_view("DHSh").find(letter) != std::string_view::npos) return false;
        if (std::string_view("bcdefKlmMNoprRUZ").find(letter) != std::string_view::npos) {
          is_useradd = true;
        }
        if (std::string_view("bcdefgGhkKpPRsuZ").find(letter) != std::string_view::npos) break;
      }
    }
  }
  return is_useradd || number(read_options(arguments, adduser_options).value("gecos"));
}

Changes of_addgroup(Arguments arguments) {
  const CommandLine line = read_options(arguments, addgroup_options);
  if (const auto member = membership(arguments, line, Kind::joins_group)) return {*member};
  const auto named = last_operand(arguments, line);
  if (!named) return {};
  AccountChange group{.kind = Kind::makes_group, .name = named->name, .at = named->at};
  group.gid = number(line.value("gid"));
  group.system = line.has("system");
  return {group};
}

Changes of_adduser(Arguments arguments) {
  if (is_useradd(arguments)) return of_useradd(arguments);
  const CommandLine line = read_options(arguments, adduser_options);
  if (const auto member = membership(arguments, line, Kind::joins_group)) return {*member};
  const auto named = last_operand(arguments, line);
  if (!named) return {};
  const bool is_system = line.has("system");
  // `adduser --group` is addgroup, but with --system it makes both.
  if (line.has("group") && !is_system) return of_addgroup(arguments);

  AccountChange user{.kind = Kind::makes_user, .name = named->name, .at = named->at};
  user.uid = number(line.value("uid"));
  user.group = line.has("ingroup") ? line.value("ingroup") : line.value("gid");
  user.home = line.value("home");
  user.shell = line.value("shell");
  user.system = is_system;
  const bool has_group = line.has("ingroup") || line.has("gid");
  // A system user belongs to nogroup if nothing else is said.
  const bool has_own = !has_group && (!is_system || line.has("group"));
  if (!has_group) user.group = has_own ? user.name : Argument("nogroup");
  Changes changes{user};
  if (has_own) changes.insert(changes.begin(), own_group(user));
  if (line.has("empty-password")) {
    changes.push_back({.kind = Kind::clears_password, .name = user.name, .at = user.at});
  }
  return changes;
}

Changes removal_of(Arguments arguments, Kind kind) {
  const CommandLine line = read_options(arguments, deluser_options);
  // `deluser USER GROUP` ends a membership; both stay.
  if (line.operands.size() == 2) return {};
  return removal(arguments, line, line.has("group") ? Kind::removes_group : kind);
}

Changes of_deluser(Arguments arguments) {
  return removal_of(arguments, Kind::removes_user);
}

Changes of_delgroup(Arguments arguments) {
  return removal_of(arguments, Kind::removes_group);
}

struct Program {
  std::string_view name;
  Changes (*read)(Arguments);
};
constexpr std::array programs = {
    Program{"useradd", of_useradd},   Program{"usermod", of_usermod},
    Program{"userdel", of_userdel},   Program{"groupadd", of_groupadd},
    Program{"groupmod", of_groupmod}, Program{"groupdel", of_groupdel},
    Program{"gpasswd", of_gpasswd},   Program{"passwd", of_passwd},
    Program{"adduser", of_adduser},   Program{"addgroup", of_addgroup},
    Program{"deluser", of_deluser},   Program{"delgroup", of_delgroup},
};

// Calls `read` with the fields of each line and where it begins.
template <class Read>
void each_line(std::string_view text, Read read) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const auto fields = split(text.substr(begin, end - begin), ':');
    if (fields.size() > 1 && !fields[0].empty()) read(fields, begin);
    begin = end + 1;
  }
}

}  // namespace

std::vector<AccountChange> account_changes(std::string_view program,
                                           std::span<const Argument> arguments) {
  const auto* found = std::ranges::find(programs, program, &Program::name);
  return found == programs.end() ? Changes() : found->read(arguments);
}

std::vector<AccountChange> account_lines(std::string_view path, std::string_view text) {
  Changes changes;
  if (path.ends_with("/etc/passwd")) {
    each_line(text, [&](const std::vector<std::string>& fields, std::size_t at) {
      // name:password:uid:gid:comment:home:shell
      const auto field = [&](std::size_t i) {
        return i < fields.size() && !fields[i].empty() ? Argument(fields[i]) : std::nullopt;
      };
      AccountChange user{.kind = Kind::makes_user, .name = fields[0], .at = at};
      user.uid = number(field(2));
      user.group = field(3);
      user.home = field(5);
      user.shell = field(6);
      changes.push_back(user);
      if (fields[1].empty())
        changes.push_back({.kind = Kind::clears_password, .name = user.name, .at = at});
    });
  } else if (path.ends_with("/etc/group")) {
    each_line(text, [&](const std::vector<std::string>& fields, std::size_t at) {
      // name:password:gid:members
      AccountChange group{.kind = Kind::makes_group, .name = fields[0], .at = at};
      if (fields.size() > 2) group.gid = number(fields[2]);
      changes.push_back(group);
      for (const std::string& user :
           names_in(fields.size() > 3 ? Argument(fields[3]) : std::nullopt)) {
        changes.push_back({.kind = Kind::joins_group, .name = user, .at = at, .group = group.name});
      }
    });
  } else if (path.ends_with("/etc/shadow")) {
    return password_lines(text);
  }
  return changes;
}

std::vector<AccountChange> password_lines(std::string_view text) {
  Changes changes;
  each_line(text, [&](const std::vector<std::string>& fields, std::size_t at) {
    // `*` and `!` match no password.
    const bool is_locked = fields[1].starts_with('*') || fields[1].starts_with('!');
    changes.push_back({.kind = is_locked           ? Kind::locks_password
                               : fields[1].empty() ? Kind::clears_password
                                                   : Kind::sets_password,
                       .name = fields[0],
                       .at = at});
  });
  return changes;
}

}  // namespace bulkhead::shell
