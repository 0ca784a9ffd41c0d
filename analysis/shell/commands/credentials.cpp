#include "analysis/shell/commands/credentials.h"

#include <algorithm>
#include <array>
#include <string>

#include "analysis/text/ascii.h"

namespace bulkhead::shell {
namespace {

struct Program {
  std::string_view name;
  std::string_view subcommands;  // all of them, in order, between blanks
  std::string_view parts;        // one of these is part of some argument; empty: always
  std::string_view file;
  bool certain;
};
constexpr std::array programs = {
    Program{"npm", "config set", "_authtoken :_auth _password", ".npmrc", false},
    Program{"npm", "set", "_authtoken :_auth _password", ".npmrc", false},
    Program{"pnpm", "config set", "_authtoken :_auth _password", ".npmrc", false},
    Program{"pnpm", "set", "_authtoken :_auth _password", ".npmrc", false},
    Program{"yarn", "config set", "npmauth _authtoken", ".yarnrc.yml", false},
    Program{"git", "config", "insteadof extraheader", ".gitconfig", false},
    Program{"docker", "login", "", ".docker/config.json", true},
    Program{"podman", "login", "", ".config/containers/auth.json", true},
    Program{"buildah", "login", "", ".config/containers/auth.json", true},
    Program{"skopeo", "login", "", ".config/containers/auth.json", true},
    Program{"oras", "login", "", ".docker/config.json", true},
    Program{"crane", "auth login", "", ".docker/config.json", true},
    Program{"helm", "registry login", "", ".config/helm/registry/config.json", true},
    Program{"composer", "config", "github-oauth gitlab-oauth gitlab-token http-basic bearer",
            ".composer/auth.json", false},
    Program{"pip", "config set", "://", ".config/pip/pip.conf", false},
    Program{"pip3", "config set", "://", ".config/pip/pip.conf", false},
    Program{"poetry", "config", "http-basic pypi-token", ".config/pypoetry/auth.toml", false},
    Program{"bundle", "config", "", ".bundle/config", false},
    Program{"aws", "configure set", "aws_secret_access_key aws_session_token", ".aws/credentials",
            false},
    Program{"cargo", "login", "", ".cargo/credentials.toml", true},
    Program{"gh", "auth login", "", ".config/gh/hosts.yml", true},
    Program{"gcloud", "auth activate-service-account", "", ".config/gcloud", true},
    Program{"az", "login", "", ".azure", true},
    Program{"vault", "login", "", ".vault-token", true},
    Program{"dotnet", "nuget add source", "-p --password", ".nuget/NuGet/NuGet.Config", false},
    Program{"nuget", "sources add", "-password", ".nuget/NuGet/NuGet.Config", false},
};

// Whether the operands begin with these words.
bool begins_with(std::span<const Argument> arguments, std::string_view words) {
  for (const Argument& argument : arguments) {
    const std::string_view word = words.substr(0, words.find(' '));
    if (argument && argument->starts_with('-')) continue;
    if (argument != std::string(word)) return false;
    if (word.size() == words.size()) return true;
    words.remove_prefix(word.size() + 1);
  }
  return false;
}

bool has_part(std::span<const Argument> arguments, std::string_view parts) {
  if (parts.empty()) return true;
  for (const Argument& argument : arguments) {
    const std::string text = lower_case(argument.value_or(""));
    std::string_view rest = parts;
    while (!rest.empty()) {
      const std::string_view part = rest.substr(0, rest.find(' '));
      if (text.find(part) != std::string::npos) return true;
      rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    }
  }
  return false;
}

}  // namespace

bool may_keep_credential(std::string_view program) {
  return std::ranges::find(programs, program, &Program::name) != programs.end();
}

std::optional<KeptCredential> keeps_credential(std::string_view program,
                                               std::span<const Argument> arguments) {
  if (forgets_credential(program, arguments)) return std::nullopt;
  for (const Program& each : programs) {
    if (each.name == program && begins_with(arguments, each.subcommands) &&
        has_part(arguments, each.parts))
      return KeptCredential{each.file, each.certain};
  }
  return std::nullopt;
}

std::optional<std::string_view> kept_file(std::string_view program,
                                          std::span<const Argument> arguments) {
  const bool forgets = forgets_credential(program, arguments);
  for (const Program& each : programs) {
    const std::string_view first = each.subcommands.substr(0, each.subcommands.find(' '));
    if (each.name == program && (forgets || begins_with(arguments, first))) return each.file;
  }
  return std::nullopt;
}

bool forgets_credential(std::string_view program, std::span<const Argument> arguments) {
  if (!may_keep_credential(program)) return false;
  return std::ranges::any_of(arguments, [](const Argument& argument) {
    constexpr std::string_view words =
        "logout delete rm unset revoke --unset --unset-all --remove-section --get --get-all --list "
        "-l "
        "--help";
    return argument && is_listed(*argument, words);
  });
}

}  // namespace bulkhead::shell
