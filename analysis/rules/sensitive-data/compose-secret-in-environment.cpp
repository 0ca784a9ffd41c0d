#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/compose/interpolation.h"
#include "analysis/compose/secrets.h"
#include "analysis/facts/run_time_secrets.h"
#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"
#include "analysis/rules/secret_variables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

using yaml::Node;

// What asks for the value itself: `$$NAME` and `$${NAME}` in a shell of the container, `${NAME}` of compose.
bool reads(const Node& node, const std::string& name) {
  for (std::size_t at = node.text.find('$'); at != std::string::npos;
       at = node.text.find('$', at + 1)) {
    std::string_view rest = std::string_view(node.text).substr(at + 1);
    if (rest.starts_with('{')) rest.remove_prefix(1);
    if (!rest.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    if (rest.empty() || !is_name_character(rest.front())) return true;
  }
  const auto inside = [&](const auto& each) { return reads(each, name); };
  return std::ranges::any_of(node.items, inside) ||
         std::ranges::any_of(node.fields, inside, &yaml::Field::value);
}

bool reads(const Service& service, const std::string& name) {
  constexpr std::array keys{"command", "healthcheck", "post_start", "pre_stop"};
  return std::ranges::any_of(keys, [&](const char* key) {
    const Node* node = service.get(key);
    return node != nullptr && reads(*node, name);
  });
}

// Whether the script of the image, which knows the variables of files, is left out.
bool starts_by_itself(const Service& service, const Context& context) {
  const auto stage = built_stage(service, context);
  return service.get("entrypoint") != nullptr || (stage && stage->state().entrypoint);
}

// Whether the container may get the variable in another way too: from this list a second time, from a file,
// or by a service that is merged with this one or hangs together with it by `extends`. With the value and the
// file images do not start.
bool comes_elsewhere(const Service& service, const yaml::Field& field,
                     const ComposeVariable& variable, const Context& context) {
  Node rest = field.value;
  std::erase_if(rest.fields,
                [&](const yaml::Field& each) { return each.key.span == variable.name_span; });
  std::erase_if(rest.items, [&](const Node& each) { return each.span == variable.span; });
  if (names_variable(rest, variable.name) || service.get("env_file") || service.extends_unknown())
    return true;
  const auto gives = [&](const Service& other) {
    const Node* environment = other.get("environment");
    const bool is_this = environment == &field.value;
    return other.get("env_file") ||
           (environment && !is_this && names_variable(*environment, variable.name));
  };
  const auto hangs_together = [&](const Service& other) {
    return (service.extends(other) || other.extends(service)) && gives(other);
  };
  return std::ranges::any_of(namesakes(service, context), gives) ||
         std::ranges::any_of(service.file().services(), hangs_together);
}

// Whether another service has another value for the variable, or a secret under its own name. In a tower of
// services it is taken for granted.
bool differs_elsewhere(const Service& service, const ComposeVariable& variable) {
  constexpr std::size_t many = 64;
  const auto services = service.file().services();
  const std::string secret = "/run/secrets/" + lower_case(variable.name);
  const auto differs = [&](const ComposeVariable& each) {
    if (each.name == variable.name) return each.value != variable.value;
    return each.name.starts_with(variable.name + "_") && each.name.ends_with("_FILE") &&
           each.value != secret;
  };
  return services.size() > many || std::ranges::any_of(services, [&](const Service& other) {
           const Node* environment = other.get("environment");
           return environment != nullptr &&
                  std::ranges::any_of(variables_of(*environment), differs);
         });
}

// A name for the secret in this file, as compose knows names of variables: that of this variable, which is
// that of one service only where others have another secret there.
std::string shared_name(const Service& service, const ComposeVariable& variable) {
  std::string name = variable.name;
  if (differs_elsewhere(service, variable)) name = upper_case(service.name()) + "_" + name;
  std::ranges::replace_if(name, [](char c) { return !is_name_character(c); }, '_');
  return name.empty() || is_digit(name.front()) ? "_" + name : name;
}

// What to write for the value, and the variable that then has it.
struct Source {
  std::string text;
  std::string variable;
};

// Leaves out what stands in the file: all of the value, or the default that gives the secret away.
std::optional<Source> from_environment(const Service& service, const ComposeVariable& variable) {
  const auto all = interpolations(*variable.value);
  const auto required = [](const std::string& name) { return "${" + name + ":?}"; };
  if (all.empty()) {
    const std::string name = shared_name(service, variable);
    return Source{required(name), name};
  }
  for (const Interpolation& each : all) {
    if (!each.fallback || !interpolations(*each.fallback).empty()) continue;
    // With the variable as such in place of its default.
    const auto value = interpolate(each.replaced_in(*variable.value, "$${" + each.name + "}"));
    if (!value || exposure_in_compose(variable.name, *value) != Exposure::none) continue;
    return Source{each.replaced_in(*variable.value, required(each.name)), each.name};
  }
  return std::nullopt;
}

// As a scalar of YAML; none where a character in it would have to be escaped.
std::optional<std::string> scalar(const std::string& text, bool in_flow) {
  const bool is_plain = !in_flow && text.find(": ") == std::string::npos &&
                        text.find(" #") == std::string::npos &&
                        (is_name_start(text.front()) || text.front() == '$' || text.front() == '/');
  if (is_plain) return text;
  if (text.find_first_of("\"\\\n") != std::string::npos) return std::nullopt;
  return '"' + text + '"';
}

// `name` in the quotes that the key has, without which a file in JSON is none any more.
std::string key_for(std::string_view key, const std::string& name) {
  const bool is_quoted = key.starts_with('"') || key.starts_with('\'');
  return is_quoted ? key.front() + name + key.front() : name;
}

std::optional<Edit> set(const Service& service, const ComposeVariable& variable,
                        const std::string& name, const std::string& value, bool in_flow) {
  const auto written = scalar(variable.in_list ? name + "=" + value : value, in_flow);
  if (!written) return std::nullopt;
  // The anchor of the value stays, and so what its aliases get.
  if (variable.in_list || name == variable.name) return replace(variable.node->span, *written);
  const std::string_view key = service.file().text().substr(variable.name_span.begin);
  return replace(Span{variable.name_span.begin, variable.node->span.end},
                 key_for(key, name) + ": " + *written);
}

std::string to_be_set(const std::string& variable) {
  return fmt::format("set {} there, or in an .env file that is not committed", variable);
}

// As a file that the image reads by itself; whether that can be done.
bool offer_file(FindingBuilder& finding, const Service& service, const yaml::Field& field,
                const ComposeVariable& variable, const Context& context) {
  const std::string image = image_of(service, context);
  const std::string file = image.empty() ? "" : facts::file_variable(image, variable.name);
  const bool is_own = field.value.span.covers(variable.span) && !field.value.anchored;
  if (file.empty() || !is_own || variable.node->anchored || starts_by_itself(service, context) ||
      reads(service, variable.name) || names_variable(field.value, file) ||
      comes_elsewhere(service, field, variable, context))
    return false;
  NewSecret secret{.id = lower_case(shared_name(service, variable))};
  if (!interpolations(*variable.value).empty()) {
    const auto whole = whole_interpolation(*variable.value);
    if (!whole || !interpolations(whole->fallback.value_or("")).empty()) return false;
    secret.variable = whole->name;
  }
  const auto granted = grant_secret(service.file(), service.value(), field, secret);
  const auto named = set(service, variable, file, "/run/secrets/" + secret.id, field.value.flow);
  if (!granted || !named) return false;
  std::vector<Edit> edits{*named};
  for (const TextEdit& edit : *granted) edits.push_back(Edit{edit});
  finding.fix(
      Safety::unsafe,
      secret.variable.empty()
          ? fmt::format("Give it as a secret by {}; put the value into {}.txt", file, secret.id)
          : fmt::format("Give it as a secret by {} from the environment; {}", file,
                        to_be_set(secret.variable)),
      std::move(edits));
  return true;
}

void offer(FindingBuilder& finding, const Service& service, const yaml::Field& field,
           const ComposeVariable& variable, const Context& context) {
  if (offer_file(finding, service, field, variable, context)) return;
  const auto source = from_environment(service, variable);
  const auto edit =
      source ? set(service, variable, variable.name, source->text, field.value.flow) : std::nullopt;
  if (edit)
    finding.fix(Safety::unsafe, "Take it from the environment; " + to_be_set(source->variable),
                *edit);
}

// The sibling that names a user or a database and has the same value, which is then the first guess.
const ComposeVariable* namesake(const std::vector<ComposeVariable>& all,
                                const ComposeVariable& variable) {
  constexpr std::array ends{"user", "username", "db", "database"};
  const auto value = interpolate(*variable.value);
  const auto found = std::ranges::find_if(all, [&](const ComposeVariable& each) {
    const std::string name = lower_case(each.name);
    return &each != &variable && each.value && interpolate(*each.value) == value &&
           std::ranges::any_of(ends, [&](const char* end) { return name.ends_with(end); });
  });
  return found == all.end() ? nullptr : &*found;
}

// `# CHANGEME` behind the value.
bool is_marked(const Service& service, const ComposeVariable& variable) {
  const std::string_view rest = service.file().text().substr(variable.span.end);
  std::string_view comment = trimmed(rest.substr(0, rest.find('\n')));
  if (!comment.starts_with('#')) return false;
  comment = trimmed(comment.substr(1));
  constexpr std::array marks{"changeme", "change me", "change-me", "change this", "replace"};
  return std::ranges::any_of(marks, [&](std::string_view mark) {
    return equals_ignoring_case(comment.substr(0, mark.size()), mark);
  });
}

std::string message(const Service& service, const ComposeVariable& variable, Exposure exposure,
                    const ComposeVariable* same) {
  if (same != nullptr && exposure == Exposure::dummy)
    return fmt::format("{} has a value for {} that is the first guess: that of {}",
                       subject(service), variable.name, same->name);
  if (exposure == Exposure::dummy)
    return fmt::format("{} has a value for {} that everybody knows", subject(service),
                       variable.name);
  if (const auto whole = whole_interpolation(*variable.value))
    return fmt::format("{} has a default for {} in this file, for everybody who can read it",
                       subject(service), whole->name);
  return fmt::format("{} has the value of {} in this file, for everybody who can read it",
                     subject(service), variable.name);
}

void check(const Service& service, Report& report) {
  const yaml::Field* field = service.field("environment");
  if (field == nullptr) return;
  const auto variables = variables_of(field->value);
  for (const ComposeVariable& variable : variables) {
    const auto value = variable.value ? interpolate(*variable.value) : std::nullopt;
    if (!value) continue;
    Exposure exposure = exposure_in_compose(variable.name, *value);
    if (exposure == Exposure::none) continue;
    const ComposeVariable* same =
        exposure == Exposure::secret ? namesake(variables, variable) : nullptr;
    if (same != nullptr || is_marked(service, variable)) exposure = Exposure::dummy;
    auto finding = report.at(variable.span, message(service, variable, exposure, same));
    // A default counts only where nobody has set the variable.
    if (exposure == Exposure::dummy || !interpolations(*variable.value).empty())
      finding.severity(Severity::warning);
    offer(finding, service, *field, variable, report.context());
  }
}

}  // namespace

extern constinit const Rule compose_secret_in_environment{
    .id = "compose-secret-in-environment",
    .title = "Secret in a compose file's environment",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"kics-common:passwords_and_secrets"},
    .why = R"(
A compose file is committed, copied and sent around, and with it each password that stands in it. What is given
as a variable is there for every process of the container besides, and for `docker inspect`.

`secrets:` mounts a file for the services that need it. Where the image knows a variable that names that file
(`POSTGRES_PASSWORD_FILE`), the fix renames the variable and declares the secret; its file, and a line for it
in `.gitignore`, are left to you. Elsewhere it takes the value from the environment of `docker compose`, or from
an `.env` file beside it: `${NAME:?}` stops with an error when nobody has set it. So it does where the variable
itself is wanted, as by `$$NAME` in a health check, where the service has an entry point of its own, which does
not know the file, and where it may get the variable from elsewhere too (`env_file`, `extends`, another compose file
beside this one). A variable that had a default keeps its name, and where two services have different values for
one name, that of the service is put in front. It is unsafe because the service does not start until somebody gives
the value. And change the password, for it is known.

The rule goes by names and values as that on `ENV` does: `PASSWORD_FILE`, `TOKEN_URL`, switches, paths and
empty values are silent, and so is what comes from a variable. The password in an address and a token in a form that
is known are reported under any name. A value that merely stands for a secret (`changeme`, or what is marked as such
by a comment behind it), one that is tried first (`root`, the name of the user), and a default
(`${DB_PASSWORD:-hunter2}`) are warnings. Ignore the rule in a file that only starts tests on one machine.
)",
    .bad = R"(
-- compose.yaml --
services:
  db:
    image: postgres:18
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: hunter2-example
)",
    .good = R"(
-- compose.yaml --
services:
  db:
    image: postgres:18
    secrets:
      - postgres_password
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password
secrets:
  postgres_password:
    file: ./postgres_password.txt
)",
    .references = {"https://docs.docker.com/compose/how-tos/use-secrets/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
