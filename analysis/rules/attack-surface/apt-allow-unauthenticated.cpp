#include "analysis/rules/command_options.h"
#include "analysis/rules/written_settings.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view consequence = "packages are installed that nobody has signed";

void check_command(const Command& command, Report& report) {
  report_options(
      command, report,
      {.programs = "apt apt-get aptitude",
       .options = "--allow-unauthenticated --allow-insecure-repositories",
       .settings = "apt::get::allowunauthenticated=true apt::get::allowunauthenticated=1 "
                   "apt::get::allowunauthenticated=yes apt::get::allowunauthenticated=on "
                   "acquire::allowinsecurerepositories=true "
                   "acquire::allowinsecurerepositories=1 "
                   "acquire::allowinsecurerepositories=yes "
                   "acquire::allowinsecurerepositories=on"},
      consequence);
}

void check_files(const Stage& stage, Report& report) {
  for (const WrittenSetting& setting :
       written_settings(report, stage, "/etc/apt/apt.conf*",
                        "APT::Get::AllowUnauthenticated Acquire::AllowInsecureRepositories")) {
    if (says_on(setting.value())) report_setting(report, setting, consequence, "false");
  }
}

}  // namespace

extern constinit const Rule apt_allow_unauthenticated{
    .id = "apt-allow-unauthenticated",
    .title = "apt installs packages without a signature",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"checkov:CKV2_DOCKER_8", "cis:4.11"},
    .why = R"(
apt trusts a package because the list of its repository is signed. `--allow-unauthenticated` and
`--allow-insecure-repositories`, and `AllowUnauthenticated "true"` in `/etc/apt/apt.conf.d`, install what no key
vouches for: whoever sits on the way, or runs a mirror, decides what becomes part of the image. Packages run
scripts as root while they are installed.

If a repository's key is missing, put it into `/etc/apt/keyrings` and name it with `signed-by=` in the
source. If it has expired, the release is no longer supported.

The fix takes the option away, or writes false into the file. It is unsafe: the installation fails until the key
is there.
)",
    .bad = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y --allow-unauthenticated tool
)",
    .good = R"(
FROM debian:13-slim
RUN apt-get update && apt-get install -y tool
)",
    .references = {"https://manpages.debian.org/stable/apt/apt-secure.8.en.html"},
    .checks = each<check_command, check_files>,
};

}  // namespace bulkhead::rules
