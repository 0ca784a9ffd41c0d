#include <algorithm>

#include "analysis/rules/command_options.h"
#include "analysis/rules/written_settings.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view consequence =
    "packages are installed that nobody has signed, and older versions over newer ones";

void check_command(const Command& command, Report& report) {
  report_options(command, report,
                 {.programs = "apt apt-get aptitude",
                  .settings = "apt::get::force-yes=true apt::get::force-yes=1 "
                              "apt::get::force-yes=yes apt::get::force-yes=on"},
                 consequence);
  const std::string& program = command.name();
  if (program != "apt-get" && program != "apt" && program != "aptitude") return;
  const auto words = command.arguments();
  const auto& texts = command.argument_texts();
  const bool answered = std::ranges::any_of(
      texts, [](const auto& text) { return text == "-y" || text == "--yes" || text == "-qq"; });
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] != "--force-yes") continue;
    auto finding =
        report.at(words[i], program +
                                " --force-yes installs packages without a signature, and "
                                "older versions over newer ones");
    if (!has_own_word(command, i)) continue;
    if (answered) {
      finding.fix(Safety::unsafe, "Remove --force-yes", remove_argument(command, i));
    } else {
      finding.fix(Safety::unsafe, "Replace with -y", replace(words[i], "-y"));
    }
  }
}

void check_files(const Stage& stage, Report& report) {
  for (const WrittenSetting& setting :
       written_settings(report, stage, "/etc/apt/apt.conf*", "APT::Get::Force-Yes")) {
    if (says_on(setting.value())) report_setting(report, setting, consequence, "false");
  }
}

}  // namespace

extern constinit const Rule apt_force_yes{
    .id = "apt-force-yes",
    .title = "apt-get does whatever it is asked",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_11", "cis:4.11"},
    .why = R"(
`--force-yes`, or `APT::Get::Force-Yes "true"` in `/etc/apt/apt.conf.d`, makes apt-get go on where it should stop:
with packages that nobody has signed, with changes to packages that are held, with older versions over newer ones. It
has been obsolete since apt 1.1, and is mostly meant as `-y`.

The fix puts `-y` in its place, or takes it away where there is one, or writes false into the file. It is unsafe: the
installation fails if it needed what was forced.
)",
    .bad = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install --force-yes tool
)",
    .good = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y tool
)",
    .references = {"https://manpages.debian.org/stable/apt/apt-get.8.en.html"},
    .checks = each<check_command, check_files>,
};

}  // namespace bulkhead::rules
