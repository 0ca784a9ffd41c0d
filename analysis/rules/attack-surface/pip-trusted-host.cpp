#include <fmt/format.h>

#include <cstddef>
#include <string>

#include "analysis/rules/command_options.h"
#include "analysis/rules/variable_settings.h"
#include "analysis/rules/written_settings.h"
#include "analysis/shell/commands/packages.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view consequence = "anyone on the network path can replace any package";

// pip config set global.trusted-host example.com
void check_config(const Command& command, Report& report) {
  const auto& texts = command.argument_texts();
  if (!command.name().starts_with("pip") || texts.empty() || texts[0] != "config") return;
  const auto words = command.arguments();
  for (std::size_t i = 1; i + 1 < texts.size(); ++i) {
    if (!texts[i] || !texts[i]->ends_with(".trusted-host")) continue;
    auto finding = report.at(Span{words[i].span().begin, words[i + 1].span().end},
                             fmt::format("pip takes any certificate for {} then: {}",
                                         words[i + 1].value().text, consequence));
    if (auto edit = remove_command(command))
      finding.fix(Safety::unsafe, "Remove the command", *std::move(edit));
  }
}

void check_files(const Stage& stage, Report& report) {
  for (const WrittenSetting& setting :
       written_settings(report, stage, "*/pip.conf", "trusted-host")) {
    report.at(setting.place,
              fmt::format("{} in {}: {}", setting.display(), setting.path, consequence));
  }
}

void check_command(const Command& command, Report& report) {
  check_config(command, report);
  const shell::PackageCall* call = command.package_call();
  if (!call) return;
  const auto words = command.arguments();
  for (const shell::PackageCall::Given& given : call->settings) {
    if (given.setting != shell::PackageCall::Setting::trusted_host) continue;
    // "--trusted-host=example.com" is one argument, "--trusted-host example.com" two.
    const bool apart = given.offset == 0 && given.argument > 0;
    report
        .at(words[given.argument], fmt::format("{} takes any certificate for {}: {}", call->manager,
                                               given.value.value_or("that host"), consequence))
        .fix(Safety::unsafe, "Remove --trusted-host",
             remove_option(command, given.argument, apart));
  }
}

void check_variables(const Instruction& instruction, Report& report) {
  for (VariableSetting& setting : settings_of(report, instruction, "PIP_TRUSTED_HOST")) {
    if (setting.value.known && setting.value.text.empty()) continue;
    report
        .at(setting.place, fmt::format("With PIP_TRUSTED_HOST pip takes any certificate for {}: {}",
                                       setting.value.text, consequence))
        .fix(Safety::unsafe, "Leave PIP_TRUSTED_HOST out", std::move(setting.removal));
  }
}

}  // namespace

extern constinit const Rule pip_trusted_host{
    .id = "pip-trusted-host",
    .title = "pip checks no certificate",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_4", "checkov:CKV2_DOCKER_16", "sonar:S4830"},
    .why = R"(
For a host that is named by `--trusted-host` or `PIP_TRUSTED_HOST`, pip takes any certificate, or none at all
over `http`. Packages run code while they are installed, so whoever sits on the way runs code in the build.

Where an index has a certificate of one's own authority, name that with `--cert` or `PIP_CERT`.

The fix takes the option or the variable away. It is unsafe: a download that only worked because nothing was
checked will fail.
)",
    .bad = R"(
FROM python:3.14-slim
RUN pip install --no-cache-dir --trusted-host pypi.example.com tool==1.2
)",
    .good = R"(
FROM python:3.14-slim
RUN pip install --no-cache-dir tool==1.2
)",
    .references = {"https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host"},
    .checks = each<check_command, check_variables, check_files>,
};

}  // namespace bulkhead::rules
