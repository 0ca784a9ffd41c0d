#include "analysis/rules/secret_flow.h"

#include <algorithm>
#include <utility>

#include "analysis/model/paths.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view secrets_folder = "/run/secrets/";

// ${NAME:+text} and ${NAME+text} only ask for it.
bool only_asks(const shell::Piece& variable) {
  return variable.operation.starts_with(":+") || variable.operation.starts_with('+');
}

bool is_env(const SecretVariables::Exposed& declaration) {
  return declaration.pair.name().instruction().kind() == Keyword::env;
}

}  // namespace

SecretFlow::SecretFlow(const SecretVariables& secrets, const Run& run)
    : secrets_(secrets), run_(run) {
  for (const Mount& mount : run.mounts("secret")) {
    if (mount.type() != "secret") continue;
    const auto target = mount.get("target", "dst", "destination");
    if (const auto variable = mount.get("env")) variables_.emplace_back(*variable);
    if (target) paths_.push_back(normalized(run.expand(*target).text));
  }
}

bool SecretFlow::is_mounted(std::string_view path) const {
  return path.starts_with(secrets_folder) || std::ranges::find(paths_, path) != paths_.end();
}

std::optional<HeldSecret> SecretFlow::variable(std::string_view name) const {
  if (std::ranges::find(variables_, name) != variables_.end())
    return HeldSecret{{}, std::string(name)};
  const SecretVariables::Exposed* declaration = secrets_.at(run_, name);
  if (declaration == nullptr) return std::nullopt;
  return HeldSecret{{}, std::string(name), declaration};
}

std::optional<HeldSecret> SecretFlow::any_variable() const {
  if (!variables_.empty()) return variable(variables_.front());
  constexpr std::size_t most_looked_at = 64;
  for (std::size_t i = 0; i < std::min(secrets_.exposed().size(), most_looked_at); ++i) {
    if (auto held = variable(secrets_.exposed()[i].pair.name().value().text)) return held;
  }
  return std::nullopt;
}

std::optional<HeldSecret> SecretFlow::in(const std::vector<shell::Piece>& pieces) const {
  constexpr int most_steps = 8;
  return in(pieces, most_steps);
}

std::optional<HeldSecret> SecretFlow::in(const std::vector<shell::Piece>& pieces, int depth) const {
  for (const shell::Piece& piece : pieces) {
    std::optional<HeldSecret> found;
    if (piece.kind == shell::Piece::Kind::variable && !only_asks(piece)) {
      if (!piece.assigned) {
        found = variable(piece.text);
      } else if (depth > 0) {
        found = in(piece.assigned->pieces, depth - 1);
      }
    } else if (piece.kind == shell::Piece::Kind::substitution) {
      const auto names = [&](std::string_view path) {
        return piece.text.find(path) != std::string::npos;
      };
      const auto path = std::ranges::find_if(paths_, names);
      if (path != paths_.end()) {
        found = HeldSecret{{}, *path};
      } else if (names(secrets_folder)) {
        const std::size_t begin = piece.text.find(secrets_folder);
        const std::size_t end = piece.text.find_first_of(" \t\n\"')`|;&<>", begin);
        found = HeldSecret{{}, piece.text.substr(begin, end - begin)};
      }
    }
    if (!found) continue;
    found->span = run_.at(piece.span);
    return found;
  }
  return std::nullopt;
}

std::string_view kind_of(const SecretVariables::Exposed& declaration) {
  return is_env(declaration) ? "a variable of the image" : "a build argument";
}

std::string_view trace_of(const SecretVariables::Exposed& declaration) {
  return is_env(declaration) ? "everybody who has the image has its value"
                             : "its value stays in the build's history";
}

}  // namespace bulkhead::rules
