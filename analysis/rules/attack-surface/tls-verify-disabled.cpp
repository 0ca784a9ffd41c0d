#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/facts/tls_switches.h"
#include "analysis/rules/command_options.h"
#include "analysis/rules/variable_settings.h"
#include "analysis/rules/written_settings.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using facts::TlsSwitch;
using Kind = TlsSwitch::Kind;

std::string message(std::string_view what_is_written, const TlsSwitch& row) {
  return fmt::format("{} {}: anyone on the network path can replace what is fetched",
                     what_is_written, row.what);
}

// -Dmaven.wagon.http.ssl.insecure=true, -o Acquire::https::Verify-Peer=false
void check_argument(const Command& command, const TlsSwitch& row, Report& report) {
  const auto words = command.arguments();
  const auto& texts = command.argument_texts();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!texts[i] || !facts::is_off(row, *texts[i])) continue;
    const bool is_value = i > 0 && texts[i - 1] == "-o";
    report.at(words[i], message(fmt::format("{} {}", command.name(), *texts[i]), row))
        .fix(Safety::unsafe, "Remove " + *texts[i], remove_option(command, i, is_value));
  }
}

// composer config -g disable-tls true, go env -w GOINSECURE=example.com
void check_configuration(const Command& command, const TlsSwitch& row, Report& report) {
  const auto words = command.arguments();
  const auto& texts = command.argument_texts();
  const std::string start = std::string(row.name) + "=";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!texts[i]) continue;
    const bool is_joined = texts[i]->starts_with(start);
    const std::size_t last = is_joined ? i : i + 1;
    if ((!is_joined && texts[i] != row.name) || last == words.size() || !texts[last]) continue;
    const std::string value = is_joined ? texts[i]->substr(start.size()) : *texts[last];
    if (!facts::is_off(row, value)) continue;
    auto finding = report.at(
        Span{words[i].span().begin, words[last].span().end},
        message(fmt::format("{} {}{}{}", command.name(), row.name, is_joined ? "=" : " ", value),
                row));
    const bool sets_more = is_joined && words.size() > 3;  // go env -w A=1 B=2
    if (auto edit = sets_more ? std::nullopt : remove_command(command))
      finding.fix(Safety::unsafe, "Remove the command", *std::move(edit));
  }
}

void check_command(const Command& command, Report& report) {
  for (const TlsSwitch& row : facts::tls_switches()) {
    const bool counts = row.kind == Kind::argument || row.kind == Kind::configuration;
    if (!counts || !is_listed(command.name(), row.programs)) continue;
    (row.kind == Kind::argument ? check_argument : check_configuration)(command, row, report);
  }
}

void check_variables(const Instruction& instruction, Report& report) {
  if (!may_set_variables(report, instruction)) return;
  for (const TlsSwitch& row : facts::tls_switches()) {
    if (row.kind != Kind::variable) continue;
    for (VariableSetting& setting : settings_of(report, instruction, row.name)) {
      std::vector<std::string> rest;
      std::optional<std::string> off;
      for (const auto part : std::views::split(setting.value.text, ' ')) {
        std::string word(part.begin(), part.end());
        if (word.empty()) continue;
        if (facts::is_off(row, word) && !off) {
          off = std::move(word);
        } else {
          rest.push_back(std::move(word));
        }
      }
      if (!off) continue;
      auto finding = report.at(setting.place, message(fmt::format("{}={}", row.name, *off), row));
      finding.origins(setting.instruction, setting.value.variables, "the value comes from here");
      if (rest.empty())
        finding.fix(Safety::unsafe, fmt::format("Leave {} out", row.name),
                    std::move(setting.removal));
    }
  }
}

void check_files(const Stage& stage, Report& report) {
  for (const TlsSwitch& row : facts::tls_switches()) {
    if (row.kind != Kind::setting) continue;
    for (const WrittenSetting& setting :
         written_settings(report, stage, row.programs.text(), row.name)) {
      if (!facts::is_off(row, setting.value())) continue;
      const std::string_view value = setting.value();
      report_setting(report, setting, row.what,
                     value == "0"     ? "1"
                     : says_on(value) ? "false"
                                      : "true");
    }
  }
}

}  // namespace

extern constinit const Rule tls_verify_disabled{
    .id = "tls-verify-disabled",
    .title = "Program that checks no certificates",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"sonar:S4830"},
    .why = R"(
TLS without a look at the certificate keeps nobody out: whoever stands between the build and the server, or has a
lying name server, can hand out packages of their own, and their code then runs in the build.

The rule knows the switches of Maven, Composer, conda, Bundler, RubyGems, Go, uv, Deno, Conan, Helm, Ansible, apt, the
AWS CLI, rclone, aria2, clients of registries, and Vault and its kin, on command lines, in variables and in the
configuration files that the Dockerfile writes. Those of curl, wget, git, npm, pip,
dnf, Node.js and Python have rules of their own.

Give the program the certificate of the authority that it lacks, in `/usr/local/share/ca-certificates` for
instance, with `update-ca-certificates` behind it.

The fix takes the switch away, or puts it back. It is unsafe: a server with a certificate of one's own is then
refused until that is trusted.
)",
    .bad = R"(
FROM maven:3-eclipse-temurin-25
COPY . .
RUN mvn -B -Dmaven.wagon.http.ssl.insecure=true package
)",
    .good = R"(
FROM maven:3-eclipse-temurin-25
COPY . .
RUN mvn -B package
)",
    .references = {"https://cwe.mitre.org/data/definitions/295.html"},
    .checks = each<check_command, check_variables, check_files>,
};

}  // namespace bulkhead::rules
