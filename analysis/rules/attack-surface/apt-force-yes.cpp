#include <algorithm>

#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
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

}  // namespace

extern constinit const Rule apt_force_yes{
    .id = "apt-force-yes",
    .title = "apt-get does whatever it is asked",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_11", "cis:4.11"},
    .why = R"(
`--force-yes` makes apt-get go on where it should stop: with packages that nobody has signed, with changes to
packages that are held, with older versions over newer ones. It has been obsolete since apt 1.1, and is
mostly meant as `-y`.

The fix puts `-y` in its place, or takes it away where there is one. It is unsafe: the installation fails if
it needed what was forced.
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
    .checks = each<check>,
};

}  // namespace bulkhead::rules
