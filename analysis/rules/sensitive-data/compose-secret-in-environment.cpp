#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/compose/secrets.h"
#include "analysis/facts/run_time_secrets.h"
#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/compose_entries.h"
#include "analysis/rules/secret_variables.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// The image of the service, or what its own is built on; empty where that is not known.
std::string image_of(const Service& service, const Context& context) {
  for (const BuiltImage& built : context.builds) {
    if (built.service != service.name() || built.dockerfile->stages().empty()) continue;
    const auto stage = built.target.empty() ? std::optional(built.dockerfile->stages().back())
                                            : built.dockerfile->stage(built.target);
    const auto base = stage ? base_of(*stage) : std::nullopt;
    return base ? base->name : "";
  }
  const yaml::Node* image = service.get("image");
  if (image == nullptr || service.get("build") != nullptr) return {};
  return parse_image(interpolate(image->text).value_or("")).familiar_name();
}

// ${NAME:-value}: NAME.
std::optional<std::string> default_of(std::string_view value) {
  const std::size_t colon = value.find(":-");
  if (!value.starts_with("${") || !value.ends_with('}') || colon == std::string_view::npos ||
      value.find('$', 1) != std::string_view::npos)
    return std::nullopt;
  return std::string(value.substr(2, colon - 2));
}

Edit set(const ComposeVariable& variable, const std::string& name, const std::string& value,
         bool in_flow) {
  if (variable.in_list) {
    const std::string item = name + "=" + value;
    return replace(variable.node->span, in_flow ? '"' + item + '"' : item);
  }
  const std::string quoted = in_flow ? '"' + value + '"' : value;
  return replace(Span{variable.name_span.begin, variable.node->span.end}, name + ": " + quoted);
}

void offer(FindingBuilder& finding, const Service& service, const yaml::Field& field,
           const ComposeVariable& variable, const std::string& image) {
  const std::string& name = variable.name;
  const bool in_flow = field.value.flow;
  const std::string file = image.empty() ? "" : facts::file_variable(image, name);
  const bool is_own = field.value.span.covers(variable.span);
  if (!file.empty() && is_own) {
    const std::string id = lower_case(name);
    const auto granted =
        grant_secret(service.file(), service.value(), field, id, SecretSource::file);
    if (granted) {
      std::vector<Edit> edits{set(variable, file, "/run/secrets/" + id, in_flow)};
      for (const TextEdit& edit : *granted) edits.push_back(Edit{edit});
      finding.fix(Safety::unsafe,
                  fmt::format("Give it as a secret by {}; put the value into {}.txt", file, id),
                  std::move(edits));
      return;
    }
  }
  const std::string source = default_of(*variable.value).value_or(name);
  finding.fix(
      Safety::unsafe,
      fmt::format("Take it from the environment; set {} there, or in an .env file that is not "
                  "committed",
                  source),
      set(variable, name, "${" + source + ":?}", in_flow));
}

void check(const Service& service, Report& report) {
  const yaml::Field* field = service.field("environment");
  if (field == nullptr) return;
  const std::string image = image_of(service, report.context());
  for (const ComposeVariable& variable : variables_of(field->value)) {
    const auto value = variable.value ? interpolate(*variable.value) : std::nullopt;
    if (!value) continue;
    const Exposure exposure = exposure_of(variable.name, *value);
    if (exposure == Exposure::none) continue;
    auto finding = report.at(
        variable.span,
        exposure == Exposure::dummy
            ? fmt::format("{} has a value for {} that everybody knows", subject(service),
                          variable.name)
            : fmt::format("{} has the value of {} in this file, for everybody who can read it",
                          subject(service), variable.name));
    // A default counts only where nobody has set the variable.
    if (exposure == Exposure::dummy || *value != *variable.value)
      finding.severity(Severity::warning);
    offer(finding, service, *field, variable, image);
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
an `.env` file beside it: `${NAME:?}` stops with an error when nobody has set it. It is unsafe because the
service does not start until somebody gives the value. And change the password, for it is known.

The rule goes by names and values as that on `ENV` does: `PASSWORD_FILE`, `TOKEN_URL`, switches, paths and
empty values are silent, and so is what comes from a variable. A value that merely stands for a secret
(`changeme`), and a default (`${DB_PASSWORD:-hunter2}`), are warnings. Ignore the rule in a file that only starts
tests on one machine.
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
