#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/rules/command_options.h"
#include "analysis/rules/variable_settings.h"
#include "analysis/rules/written_settings.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view consequence = "anyone on the network path can replace the source";

// "http.sslVerify", or the same for one server: "http.https://example.com.sslVerify".
bool is_verification(std::string_view name) {
  const std::string text = lower_case(name);
  return text.starts_with("http.") && text.ends_with(".sslverify");
}

// git config --global http.sslVerify false
void check_config(const Command& command, Report& report) {
  const auto words = command.arguments();
  const auto& texts = command.argument_texts();
  if (command.name() != "git" || texts.empty() || texts[0] != "config") return;
  for (std::size_t i = 1; i + 1 < texts.size(); ++i) {
    if (!texts[i] || !is_verification(*texts[i])) continue;
    if (!texts[i + 1] || !says_off(*texts[i + 1])) continue;
    auto finding =
        report.at(Span{words[i].span().begin, words[i + 1].span().end},
                  "With http.sslVerify off git checks no certificate: " + std::string(consequence));
    if (auto edit = remove_command(command)) {
      finding.fix(Safety::unsafe, "Remove the command", *std::move(edit));
    }
  }
}

void check_command(const Command& command, Report& report) {
  report_options(command, report,
                 {.programs = "git",
                  .settings = "http.sslverify=false http.sslverify=0 http.sslverify=off "
                              "http.sslverify=no"},
                 consequence);
  check_config(command, report);
}

// Git looks only at whether the variable is there: 0, false and nothing at all switch the check off as well.
void check_variables(const Instruction& instruction, Report& report) {
  constexpr std::string_view name = "GIT_SSL_NO_VERIFY";
  for (VariableSetting& setting : settings_of(report, instruction, name)) {
    const std::string& text = setting.value.text;
    const bool is_meant = !text.empty() && !says_off(text);
    tell_setting(
        std::move(setting), report, name,
        is_meant ? "git checks no certificate" : "git checks no certificate, as with any value",
        consequence);
  }
}

void check_files(const Stage& stage, Report& report) {
  for (const WrittenSetting& setting :
       written_settings(report, stage, "*/.gitconfig /etc/gitconfig */git/config", "sslVerify")) {
    if (says_off(setting.value())) report_setting(report, setting, consequence, "true");
  }
}

}  // namespace

extern constinit const Rule git_tls_verify_disabled{
    .id = "git-tls-verify-disabled",
    .title = "git checks no certificate",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_14", "sonar:S4830"},
    .why = R"(
With `http.sslVerify` off, in a command or in a `.gitconfig` that is written, or `GIT_SSL_NO_VERIFY` set to whatever
value, git takes any certificate: the source that is built may be somebody else's, and the password or token that is
sent goes to whoever asks.

Where a server has a certificate of one's own authority, name that with `http.sslCAInfo` or `GIT_SSL_CAINFO`.

The fix takes the option, the command or the variable away. It is unsafe: a clone that only worked because
nothing was checked will fail.
)",
    .bad = R"(
FROM debian:13
RUN git -c http.sslVerify=false clone https://example.com/tool.git
)",
    .good = R"(
FROM debian:13
RUN git clone https://example.com/tool.git
)",
    .references =
        {"https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslVerify"},
    .checks = each<check_command, check_variables, check_files>,
};

}  // namespace bulkhead::rules
