#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "analysis/rules/command_options.h"
#include "analysis/rules/variable_settings.h"
#include "analysis/rules/written_settings.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view consequence = "anyone on the network path can replace any package";

// npm config set strict-ssl false, npm set strict-ssl=false
void check_config(const Command& command, Report& report) {
  const auto words = command.arguments();
  const auto& texts = command.argument_texts();
  std::size_t at = 0;
  const auto skip_options = [&] {
    while (at < texts.size() && texts[at] && texts[at]->starts_with('-')) ++at;
  };
  skip_options();
  if (at < texts.size() && (texts[at] == "config" || texts[at] == "c")) ++at;
  skip_options();
  if (at == texts.size() || texts[at] != "set") return;
  for (std::size_t i = at + 1; i < texts.size(); ++i) {
    if (!texts[i]) continue;
    const bool apart = is_listed(*texts[i], "strict-ssl strictSsl enableStrictSsl") &&
                       i + 1 < texts.size() && texts[i + 1] == "false";
    if (!apart && *texts[i] != "strict-ssl=false") continue;
    auto finding = report.at(Span{words[i].span().begin, words[apart ? i + 1 : i].span().end},
                             fmt::format("With strict-ssl off {} checks no certificate: {}",
                                         command.name(), consequence));
    if (auto edit = remove_command(command))
      finding.fix(Safety::unsafe, "Remove the command", *std::move(edit));
    return;
  }
}

void check_command(const Command& command, Report& report) {
  constexpr std::string_view programs = "npm pnpm yarn npx";
  if (!is_listed(command.name(), programs)) return;
  report_options(command, report,
                 {.programs = programs, .options = "--strict-ssl=false --no-strict-ssl"},
                 consequence);
  check_config(command, report);
}

void check_variables(const Instruction& instruction, Report& report) {
  if (!may_set_variables(report, instruction)) return;
  for (const std::string_view name : {"NPM_CONFIG_STRICT_SSL", "npm_config_strict_ssl",
                                      "YARN_STRICT_SSL", "YARN_ENABLE_STRICT_SSL"}) {
    report_setting(instruction, report, name, "false", "no certificate is checked", consequence);
  }
  report_setting(instruction, report, "YARN_ENABLE_STRICT_SSL", "0", "no certificate is checked",
                 consequence);
}

void check_files(const Stage& stage, Report& report) {
  for (const WrittenSetting& setting : written_settings(
           report, stage, "*.npmrc */npmrc *.yarnrc.yml", "strict-ssl enableStrictSsl")) {
    if (says_off(setting.value())) report_setting(report, setting, consequence, "true");
  }
}

}  // namespace

extern constinit const Rule npm_strict_ssl_disabled{
    .id = "npm-strict-ssl-disabled",
    .title = "npm, pnpm or yarn checks no certificate",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_12", "checkov:CKV2_DOCKER_13", "sonar:S4830"},
    .why = R"(
With `strict-ssl` off, by an option, `config set`, a line in `.npmrc` or a variable such as
`NPM_CONFIG_STRICT_SSL`, npm, pnpm and yarn take any certificate. Packages run code while they are installed, so
whoever sits on the way runs code in the build; the token for a private registry goes to whoever asks.

Where a registry has a certificate of one's own authority, name that with `cafile` or `NODE_EXTRA_CA_CERTS`.

The fix takes the option, the command or the variable away, or writes true into the file. It is unsafe: an
installation that only worked because nothing was checked will fail.
)",
    .bad = R"(
FROM node:26
RUN npm config set strict-ssl false && npm ci
)",
    .good = R"(
FROM node:26
RUN npm ci
)",
    .references = {"https://docs.npmjs.com/cli/using-npm/config#strict-ssl"},
    .checks = each<check_command, check_variables, check_files>,
};

}  // namespace bulkhead::rules
