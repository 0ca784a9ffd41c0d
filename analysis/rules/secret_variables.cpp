#include "analysis/rules/secret_variables.h"

#include <algorithm>
#include <array>
#include <utility>

#include "analysis/facts/registry_variables.h"
#include "analysis/facts/run_time_secrets.h"
#include "analysis/facts/secret_patterns.h"
#include "analysis/facts/secrets.h"
#include "analysis/model/accounts.h"
#include "analysis/model/expansion.h"
#include "analysis/model/rewrite.h"
#include "analysis/rules/mounted_secrets.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using facts::NameVerdict;
using facts::Strength;
using facts::ValueKind;

struct Login {
  std::string_view user;
  std::string_view password;  // empty when there is none
};

// That of `scheme://user:password@host`.
Login url_login(std::string_view value) {
  const auto scheme = value.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view rest = value.substr(scheme + 3);
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const auto at = authority.rfind('@');
  const auto colon = authority.find(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return {};
  return {authority.substr(0, colon), authority.substr(colon + 1, at - colon - 1)};
}

// That of `Server=host;User Id=user;Password=password` and `jdbc:db://host/name?password=password`.
Login named_login(std::string_view value) {
  constexpr std::array<std::string_view, 4> keys = {
      "password=", "pwd=", "accountkey=", "sharedaccesskey="};
  const std::string lower = lower_case(value);
  for (const std::string_view key : keys) {
    const std::size_t at = lower.find(key);
    if (at == std::string::npos || (at > 0 && is_name_character(lower[at - 1]))) continue;
    const std::string_view rest = value.substr(at + key.size());
    return {"", rest.substr(0, rest.find_first_of(";& "))};
  }
  return {};
}

bool is_switch(std::string_view value) {
  constexpr std::array<std::string_view, 8> words = {"true", "false", "yes", "no",
                                                     "on",   "off",   "0",   "1"};
  return std::ranges::any_of(
      words, [&](std::string_view word) { return equals_ignoring_case(value, word); });
}

// What the password in an address or a connection string exposes.
Exposure exposure_of(const Login& login) {
  if (login.password.empty() || is_switch(login.password)) return Exposure::none;
  if (login.password == login.user) return Exposure::dummy;
  switch (facts::value_kind(login.password)) {
    case ValueKind::empty:
    case ValueKind::reference:
      return Exposure::none;
    case ValueKind::dummy:
    case ValueKind::known:
      return Exposure::dummy;
    case ValueKind::plain:
    case ValueKind::literal:
      break;
  }
  return Exposure::secret;
}

Exposure exposed_login(std::string_view value) {
  return std::max(exposure_of(url_login(value)), exposure_of(named_login(value)));
}

// Nobody types such a word: long, letters among digits; also behind the scheme of a header, "Bearer ...".
bool looks_random(std::string_view value) {
  const std::string_view scheme = value.substr(0, value.find(' '));
  const bool is_header =
      scheme.size() < value.size() && is_listed(lower_case(scheme), "basic bearer token");
  if (is_header) value.remove_prefix(scheme.size() + 1);
  return value.size() >= 16 && std::ranges::any_of(value, is_digit) &&
         std::ranges::any_of(value, is_letter) &&
         value.find_first_of(is_header ? " \t$\"'" : " \t/$") == std::string_view::npos;
}

// Whether what the name denotes is a password: DB_PASSWORD, but not PASSWORD_FIELD.
bool names_password(std::string_view name, const NameVerdict& verdict) {
  const std::string lower = lower_case(name);
  return lower.ends_with(verdict.word) &&
         (verdict.word.find("pass") != std::string_view::npos || verdict.word.ends_with("pwd") ||
          verdict.word == "pword");
}

// The variables whose value goes into `word`: not those that only choose, as in ${TOKEN:+yes}.
std::vector<std::string> ingredients(const Word& word) {
  std::vector<std::string> names = word.value().variables;
  std::erase_if(names, [&](const std::string& name) {
    return word.text().find("${" + name + ":+") != std::string_view::npos ||
           word.text().find("${" + name + "+") != std::string_view::npos;
  });
  return names;
}

// Whether `text` is $NAME, ${NAME} or ${NAME:-default} and nothing else.
bool is_just(std::string_view text, std::string_view name) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  if (!text.starts_with('$')) return false;
  text.remove_prefix(1);
  const bool braces = text.starts_with('{');
  if (braces) text.remove_prefix(1);
  if (!text.starts_with(name)) return false;
  text.remove_prefix(name.size());
  if (!braces) return text.empty();
  if (!text.ends_with('}')) return false;
  text.remove_suffix(1);
  return text.empty() || ((text.starts_with(":-") || text.starts_with('-')) &&
                          text.find('$') == std::string_view::npos);
}

// Calls `use` with each name in `text`, a word of letters, digits and '_', and where it begins.
template <class Use>
void for_each_name(std::string_view text, Use use) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_name_character(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && is_name_character(text[at])) ++at;
    use(text.substr(begin, at - begin), static_cast<std::uint32_t>(begin));
  }
}

// These look for no secret in the environment.
bool reads_no_environment(const Run& run) {
  constexpr std::array<std::string_view, 36> programs = {
      "addgroup", "adduser", "apk",      "apt",
      "apt-get",  "cat",     "cd",       "chgrp",
      "chmod",    "chown",   "cp",       "dnf",
      "echo",     "false",   "groupadd", "install",
      "ln",       "ls",      "microdnf", "mkdir",
      "mv",       "printf",  "rm",       "rmdir",
      "sed",      "set",     "tar",      "test",
      "touch",    "true",    "unzip",    "update-ca-certificates",
      "useradd",  "usermod", "yum",      "[",
  };
  const shell::Script& script = run.script();
  if (script.opaque || script.has_error) return false;
  return std::ranges::all_of(run.commands(), [&](const Command& command) {
    return std::ranges::find(programs, command.name()) != programs.end();
  });
}

bool is_env(const Pair& pair) {
  return pair.name().instruction().kind() == Keyword::env;
}

// Stands where a variable stood that containers get from whoever starts them.
std::string run_time_comment(const Pair& pair) {
  const std::string name = pair.name().value().text;
  const auto stage = pair.name().instruction().stage();
  const auto base = stage ? base_of(*stage) : std::nullopt;
  const std::string file = base ? facts::file_variable(base->name, name) : "";
  return "# Give " + name + " at run time: docker run -e " + name +
         (file.empty() ? ", secrets: of Compose, a Kubernetes Secret"
                       : ", or " + file + " with secrets: of Compose or a Kubernetes Secret");
}

// `$NAME` of its own, or behind the name of its option, where a program wants a path: cat $KEY,
// --key-file=$KEY, ssh -i $KEY, < $KEY.
std::set<std::uint32_t> paths_in(const Run& run) {
  constexpr std::string_view readers = "cat source . ssh-add cp install chmod head tail";
  std::set<std::uint32_t> found;
  const auto variable = [](const shell::Word& word) -> const shell::Piece* {
    if (word.pieces.empty() || word.pieces.size() > 2) return nullptr;
    const shell::Piece& last = word.pieces.back();
    const bool is_plain = last.kind == shell::Piece::Kind::variable && last.operation.empty();
    return is_plain ? &last : nullptr;
  };
  const auto wants_path = [](std::string_view option) {
    return option == "-i" || (option.starts_with("--") && option.ends_with("-file"));
  };
  for (const Command& command : run.commands()) {
    for (const shell::Redirection& redirection : command.data().redirections) {
      const shell::Piece* piece = variable(redirection.target);
      if (piece && redirection.kind == shell::Redirection::Kind::input &&
          redirection.target.pieces.size() == 1)
        found.insert(piece->span.begin);
    }
    const std::string& name = command.name();
    const auto& words = command.data().words;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const shell::Piece* piece = variable(words[i]);
      if (!piece) continue;
      std::string option = words[i - 1].literal().value_or("");
      if (words[i].pieces.size() == 2) {
        option = words[i].pieces[0].text;
        if (!option.ends_with('=')) continue;
        option.pop_back();
      }
      const bool is_operand = words[i].pieces.size() == 1 && is_listed(name, readers);
      if (is_operand || wants_path(option)) found.insert(piece->span.begin);
    }
  }
  return found;
}

// Whether the RUN calls a program that looks for credentials in `variable`; python does not for its pip.
bool looks_for(const Run& run, std::string_view variable) {
  return std::ranges::any_of(run.commands(), [&](const Command& command) {
    return facts::is_registry_variable(command.name(), variable) ||
           (facts::is_credential_variable(command.name(), variable) && !command.package_call());
  });
}

bool has_mount(const Run& run, std::string_view id, std::string_view variable) {
  return std::ranges::any_of(run.mounts(), [&](const Mount& mount) {
    return mount.type() == "secret" && (mount.get("id") == id || mount.get("env") == variable);
  });
}

// As exposure_of(name, value), for who knows what the name says.
Exposure exposure_of(std::string_view name, const NameVerdict& verdict, std::string_view value) {
  switch (facts::value_kind(value)) {
    case ValueKind::empty:
    case ValueKind::reference:
      return Exposure::none;
    case ValueKind::dummy:
    case ValueKind::known:
      return verdict.is_secret() ? Exposure::dummy : Exposure::none;
    case ValueKind::plain:
      // 123456 is no secret key, but a password.
      return verdict.is_secret() && names_password(name, verdict) && !is_switch(value)
                 ? Exposure::secret
                 : Exposure::none;
    case ValueKind::literal:
      break;
  }
  if (verdict.is_secret()) return Exposure::secret;
  if (!verdict.is_secret(Strength::low)) return Exposure::none;
  const Exposure by_login = exposed_login(value);
  if (by_login != Exposure::none) return by_login;
  return url_login(value).password.empty() && looks_random(value) ? Exposure::secret
                                                                  : Exposure::none;
}

// Whether one may expose a secret that it has not from another. Where none does, none has any.
bool may_expose(const Pair& pair) {
  if (!pair.may_be_secret()) return false;
  const std::string name = pair.name().value().text;
  const NameVerdict verdict = facts::secret_name(name);
  const auto value = pair.value();
  return verdict.is_secret() ||
         (value && exposure_of(name, verdict, value->value().text) != Exposure::none);
}

bool has_such_pair(const Instruction& instruction) {
  return (instruction.kind() == Keyword::env || instruction.kind() == Keyword::arg) &&
         std::ranges::any_of(instruction.pairs(), may_expose);
}

}  // namespace

Exposure exposure_of(std::string_view name, std::string_view value) {
  return exposure_of(name, facts::secret_name(name), value);
}

Exposure exposure_in_compose(std::string_view name, std::string_view value) {
  const bool is_token =
      std::ranges::any_of(facts::find_secrets(value), [](const facts::SecretValue& secret) {
        return secret.pattern->kind == facts::SecretPattern::Kind::format;
      });
  if (is_token) return Exposure::secret;
  return std::max(exposure_of(name, value), exposed_login(value));
}

SecretVariables::SecretVariables(const Document& document, SharedViews& views)
    : document_(document) {
  if (views.instructions<has_such_pair>(document).empty()) return;
  for (const Instruction& instruction : document.instructions()) {
    const bool env = instruction.kind() == Keyword::env;
    if (!env && instruction.kind() != Keyword::arg) continue;
    for (const Pair& pair : instruction.pairs()) read_pair(pair, env);
  }
  if (exposed_.empty()) return;

  for (Exposed& exposed : exposed_) {
    const auto stage = exposed.pair.name().instruction().stage();
    exposed.in_image = stage && stage->is_delivered();
  }
  join_unexposed();
  read_uses();
  find_silent_readers();
}

void SecretVariables::read_pair(const Pair& pair, bool env) {
  // Most are neither called as a secret nor made of one.
  const bool may_be_made_of_one = !names_.empty() && pair.value() && pair.value()->has_variable();
  if (!pair.may_be_secret() && !may_be_made_of_one) return;
  const std::string name = pair.name().value().text;
  Info info = judge(pair, name, env);
  const Instruction instruction = pair.name().instruction();
  if (!env && pair.value() && !instruction.stage()) globals_[name] = info.exposure;
  if (info.exposure == Exposure::none) return;

  // It has the secret from another variable, or it is the first one of its own.
  if (!info.source.empty() && !info.composed) {
    const auto origin = group_at(instruction, info.source);
    info.group = origin ? *origin : adopt(*instruction.definition(info.source));
    names_.try_emplace(name, info.group);
  } else {
    info.group = group_of(name);
  }
  Group& group = groups_[info.group];
  group.pairs.push_back(pair);
  // A trigger is for the builds of others; a composed value is not what a mount would give; a build that
  // nobody gives a secret needs the default that stands for it; and a mount keeps nothing out of a page.
  const bool needed = !env && info.exposure == Exposure::dummy;
  group.immovable = group.immovable || info.composed || instruction.is_trigger() || needed ||
                    facts::secret_name(name).published;
  exposed_.push_back({pair, info.exposure, info.group, info.source});
  infos_[pair.span().begin] = std::move(info);
}

SecretVariables::Info SecretVariables::judge(const Pair& pair, const std::string& name,
                                             bool env) const {
  const Instruction instruction = pair.name().instruction();
  const NameVerdict verdict = facts::secret_name(name);
  const Exposure by_name = verdict.is_secret() ? Exposure::secret : Exposure::none;
  const auto word = pair.value();
  if (!word) {
    if (env) return {Exposure::none};  // the builder refuses it
    // From the command line, with the default that stands above the first FROM.
    const auto above = globals_.find(name);
    return {instruction.stage() && above != globals_.end() ? above->second : by_name};
  }
  const Value value = word->value();
  if (!env && value.text.empty()) return {by_name};
  const std::vector<std::string> variables = ingredients(*word);
  for (const std::string& variable : variables) {
    const bool whole = is_just(word->text(), variable);
    if (!env && !(whole && verdict.is_secret())) continue;
    if (!group_at(instruction, variable)) continue;
    const Info& origin = infos_.at(instruction.definition(variable)->span().begin);
    return {origin.exposure, 0, variable == name ? "" : variable, !whole};
  }
  if (variables.empty()) return {exposure_of(name, verdict, value.text)};
  if (!env) return {by_name};
  const Exposure by_value = value.known ? exposure_of(name, verdict, value.text) : by_name;
  for (const std::string& variable : variables) {
    const auto definition = instruction.definition(variable);
    if (definition && definition->name().instruction().kind() == Keyword::arg) {
      return {by_value, 0, variable, !is_just(word->text(), variable)};
    }
  }
  return {value.known ? by_value : Exposure::none};  // else the base image gives it, or nobody
}

std::size_t SecretVariables::group_of(const std::string& name) {
  const auto [entry, made] = names_.try_emplace(name, groups_.size());
  if (made) groups_.push_back({.name = name});
  return entry->second;
}

std::size_t SecretVariables::adopt(const Pair& pair) {
  const std::size_t group = group_of(pair.name().value().text);
  if (infos_.try_emplace(pair.span().begin, Info{Exposure::none, group}).second) {
    groups_[group].pairs.push_back(pair);
  }
  return group;
}

std::optional<std::size_t> SecretVariables::group_at(const Instruction& instruction,
                                                     std::string_view name) const {
  const auto definition = instruction.definition(name);
  if (!definition) return std::nullopt;
  const auto info = infos_.find(definition->span().begin);
  return info == infos_.end() ? std::nullopt : std::optional(info->second.group);
}

// Other declarations of the same variables: an ARG that only has another default, an ENV that
// empties it.
void SecretVariables::join_unexposed() {
  for (const Instruction& instruction : document_.instructions()) {
    const bool env = instruction.kind() == Keyword::env;
    if ((!env && instruction.kind() != Keyword::arg) || instruction.is_trigger()) continue;
    for (const Pair& pair : instruction.pairs()) {
      const bool empty = pair.value() && pair.value()->value() == Value{};
      const std::string name = pair.name().value().text;
      if (names_.contains(name) && (!env || empty)) adopt(pair);
    }
  }
  for (Group& group : groups_) {
    std::ranges::sort(group.pairs, {}, [](const Pair& pair) { return pair.span().begin; });
    group.has_arg = std::ranges::any_of(group.pairs, [](const Pair& pair) {
      return pair.name().instruction().kind() == Keyword::arg;
    });
  }
}

void SecretVariables::read_uses() {
  for (const Instruction& instruction : document_.instructions()) {
    if (instruction.is_trigger()) continue;
    const auto block = [&](const Word& word, std::optional<std::size_t> own = std::nullopt) {
      for (const std::string& variable : word.value().variables) {
        const auto group = group_at(instruction, variable);
        if (group && group != own) groups_[*group].immovable = true;
      }
    };
    for (const Flag& flag : instruction.flags()) {
      if (const auto value = flag.value()) block(*value);
    }
    for (const Pair& pair : instruction.pairs()) {
      const auto info = infos_.find(pair.span().begin);
      const bool member = info != infos_.end() && !info->second.composed;
      if (const auto value = pair.value()) {
        block(*value, member ? std::optional(info->second.group) : std::nullopt);
      }
    }
    if (instruction.kind() == Keyword::run) {
      read_run(Run(instruction));
    } else {
      for (const shell::VariableUse& use : instruction.script().uses) {
        const auto group = known(use.name) ? group_at(instruction, use.name) : std::nullopt;
        if (group && is_env(*instruction.definition(use.name))) groups_[*group].run_time = true;
      }
    }
    if (!expands_variables(instruction.kind())) continue;
    for (const Word& word : instruction.words()) block(word);
    for (const HeredocData& heredoc : instruction.data().heredocs) {
      if (!heredoc.expands) continue;
      const Span span = instruction.at(heredoc.body);
      const std::string_view body = document_.text().substr(span.begin, span.size());
      for_each_name(body, [&](std::string_view name, std::uint32_t at) {
        const std::string_view before = body.substr(0, at);
        if (!before.ends_with('$') && !before.ends_with("${")) return;
        const auto group = known(name) ? group_at(instruction, name) : std::nullopt;
        if (group) groups_[*group].immovable = true;
      });
    }
  }
}

void SecretVariables::read_run(const Run& run) {
  const auto add = [&](std::string_view name, Span place, bool is_path) -> Group* {
    const auto index = known(name) ? group_at(run, name) : std::nullopt;
    if (!index) return nullptr;
    Group& group = groups_[*index];
    group.readers[run.index()].emplace(name);
    if (group.reads.size() < many) group.reads.push_back(place);
    if (is_path) group.path_reads.push_back(place);
    group.others_read = group.others_read || !is_path;
    return &group;
  };
  const shell::Script& script = run.script();
  const bool reads_any = std::ranges::any_of(
      script.uses, [&](const shell::VariableUse& use) { return known(use.name); });
  const std::set<std::uint32_t> paths = reads_any ? paths_in(run) : std::set<std::uint32_t>();
  std::set<std::string_view> found;
  for (const shell::VariableUse& use : script.uses) {
    if (add(use.name, run.at(use.span), paths.contains(use.span.begin))) found.insert(use.name);
  }
  // A program may ask for it by name, as printenv does, or a shell inside the shell.
  std::uint32_t begin = run.keyword().span().end;
  for (const Flag& flag : run.flags()) begin = std::max(begin, flag.span().end);
  const bool may_be_windows = script.opaque && !run.is_json() && run.data().heredocs.empty();
  for_each_name(document_.text().substr(begin, run.span().end - begin),
                [&](std::string_view name, std::uint32_t at) {
                  if (found.contains(name)) return;
                  const auto size = static_cast<std::uint32_t>(name.size());
                  Group* group = add(name, {begin + at, begin + at + size}, false);
                  if (group && may_be_windows) group->immovable = true;
                });
}

// A build argument that no RUN names, or the token of a registry, may still be read from the environment:
// where nothing else can be told, by each program that the RUN behind it start. What containers need as well
// only by those that are known to look for it.
void SecretVariables::find_silent_readers() {
  constexpr std::size_t most_looked_at = 64;
  constexpr std::size_t most_readers = 8;
  std::optional<std::vector<Run>> runs;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    Group& group = groups_[i];
    const bool is_known_name =
        facts::is_registry_variable(group.name) || facts::is_credential_variable(group.name);
    const bool for_build = group.has_arg || facts::is_registry_variable(group.name);
    if ((!for_build && !is_known_name) || group.immovable || !group.readers.empty()) continue;
    if (!runs) {
      runs.emplace();
      for (const Instruction& instruction : document_.instructions()) {
        if (instruction.kind() != Keyword::run || instruction.is_trigger()) continue;
        if (!reads_no_environment(Run(instruction))) runs->emplace_back(instruction);
      }
    }
    const bool has_env = std::ranges::any_of(group.pairs, is_env);
    const std::uint32_t declared = group.pairs.front().name().instruction().index();
    auto run = std::ranges::lower_bound(*runs, declared, {}, &Run::index);
    for (std::size_t looked_at = 0; run != runs->end(); ++run, ++looked_at) {
      if (looked_at == most_looked_at || group.readers.size() > most_readers) {
        group.immovable = true;
        break;
      }
      if (!for_build && !looks_for(*run, group.name)) continue;
      for (const Pair& pair : group.pairs) {
        const std::string name = pair.name().value().text;
        if (is_env(pair) == has_env && group_at(*run, name) == i) {
          group.readers[run->index()].insert(name);
        }
      }
    }
    // Where some of them are known to look for it, the others are not.
    const auto is_known = [&](const auto& reader) {
      return looks_for(Run(Instruction(document_, reader.first)), group.name);
    };
    if (is_known_name && std::ranges::any_of(group.readers, is_known))
      std::erase_if(group.readers, [&](const auto& reader) { return !is_known(reader); });
    group.run_time = group.run_time || (!for_build && !group.readers.empty());
  }
}

const std::vector<Span>& SecretVariables::reads(const Exposed& exposed) const {
  return groups_[exposed.group].reads;
}

const SecretVariables::Exposed* SecretVariables::at(const Instruction& instruction,
                                                    std::string_view name) const {
  const auto definition = known(name) ? instruction.definition(name) : std::nullopt;
  return definition ? find(*definition) : nullptr;
}

const SecretVariables::Exposed* SecretVariables::find(const Pair& pair) const {
  const auto begin = [](const Exposed& exposed) { return exposed.pair.span().begin; };
  const auto found = std::ranges::lower_bound(exposed_, pair.span().begin, {}, begin);
  return found != exposed_.end() && begin(*found) == pair.span().begin ? &*found : nullptr;
}

// Takes the pairs of the group away. One that containers were meant to get leaves a comment in its
// place.
std::vector<Edit> SecretVariables::removal(const Group& group) const {
  const auto for_run_time = [&](const Pair& pair) {
    const Exposed* exposed = find(pair);
    return (group.readers.empty() || group.run_time) && exposed != nullptr && exposed->in_image &&
           is_env(pair);
  };
  std::vector<Edit> edits;
  bool is_told = false;
  for (auto pair = group.pairs.begin(); pair != group.pairs.end();) {
    const Instruction instruction = pair->name().instruction();
    const auto next = std::find_if(pair, group.pairs.end(), [&](const Pair& other) {
      return other.name().instruction().index() != instruction.index();
    });
    const std::vector<Pair> gone(pair, next);
    const auto told = is_told ? gone.end() : std::ranges::find_if(gone, for_run_time);
    const bool is_whole = gone.size() == instruction.pairs().size();
    if (told != gone.end()) {
      is_told = true;
      std::string comment = run_time_comment(*told);
      if (is_whole) {
        edits.push_back(replace(instruction.span(), std::move(comment)));
      } else {
        edits.push_back(insert_right_before(instruction, {std::move(comment)}));
      }
    }
    if (told == gone.end() || !is_whole) std::ranges::move(remove(gone), std::back_inserter(edits));
    pair = next;
  }
  return edits;
}

bool SecretVariables::mount(const Group& group, std::vector<Edit>& edits) const {
  for (const auto& [index, names] : group.readers) {
    const Run run(Instruction(document_, index));
    std::string mounts;
    const std::string mount = "--mount=type=secret,id=" + group.name;
    if (takes_path(group)) {
      if (!has_mount(run, group.name, {})) mounts = mount;
    } else {
      for (const std::string& name : names) {
        if (!has_mount(run, group.name, name))
          mounts += (mounts.empty() ? "" : " ") + mount + ",env=" + name;
      }
    }
    if (!mounts.empty()) edits.push_back(add_flag(run, mounts));
  }
  if (takes_path(group)) {
    for (const Span read : group.path_reads)
      edits.push_back(replace(read, "/run/secrets/" + group.name));
  }
  // Secret mounts came with the first of these versions, their field `env` with the second.
  return require_syntax(document_, takes_path(group) ? 2 : 10, edits);
}

std::optional<Fix> SecretVariables::fix(const Exposed& exposed) const {
  const Group& group = groups_[exposed.group];
  const bool first = group.pairs.front().span() == exposed.pair.span();
  if (group.immovable || (group.pairs.size() > many && !first) || group.readers.size() > many)
    return std::nullopt;
  // A mount does not help where the RUN keeps what it reads.
  const bool is_kept =
      !takes_path(group) && std::ranges::any_of(group.readers, [&](const auto& reader) {
        return keeps_in_file(Run(Instruction(document_, reader.first)), reader.second);
      });
  if (is_kept) return std::nullopt;

  std::vector<Edit> edits = removal(group);
  std::string title;
  if (!group.readers.empty()) {
    if (!mount(group, edits)) return std::nullopt;
    title = "Mount " + group.name + " as a secret; build with --secret id=" + group.name +
            (takes_path(group) ? ",src=PATH" : ",env=" + group.name);
    if (group.run_time) title += ", and give it at run time";
  } else if (std::ranges::any_of(group.pairs, is_env) && exposed.in_image) {
    const std::string name = exposed.pair.name().value().text;
    title = "Remove " + name + "; give it at run time, as with docker run -e " + name;
  } else {
    title = "Remove " + group.name + ", which nothing reads";
  }
  return Fix{std::move(title), Safety::unsafe, std::move(edits)};
}

}  // namespace bulkhead::rules
